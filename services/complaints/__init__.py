"""Complaints: from receipt to the last reply, in two stages (section 10 of the standards).

Will answer for contact within five working days, for the full replies of both stages, and for the Complaint
Handling Code. It publishes what happens to a complaint (see events).
"""
