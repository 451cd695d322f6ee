"""Enquiries: emails, letters, calls and visits to the office, and requests for information (sections 1 to 5).

Answers for acknowledgements and full answers in writing, for dates given by word of mouth, for calls answered
within a minute, and for the laws on information. It publishes what happens to an enquiry or a call (see
events), and takes up what a complaint asks for (`complaints.service-requested`).
"""
