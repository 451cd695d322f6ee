"""Enquiries: letters, emails, calls and visits to the office (sections 1 to 5 of the standards).

Will answer for acknowledgements and full answers in writing, for dates given by word of mouth, and for calls
answered within a minute. It publishes what happens to an enquiry or a call (see events).
"""
