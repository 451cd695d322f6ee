"""Complaints: from receipt to the last answer, in two stages (section 10 of the standards).

Answers for contact within five working days, for the full replies of both stages, and for the Complaint
Handling Code, whose clocks run beside. It publishes what happens to a complaint (see events), and writes the
letters that notifications sends. Which of the two ombudsmen may be asked follows from what it is about.

An enquiry, feedback or a survey's answers become a complaint by `enquiries.complaint-requested` and
`asb.complaint-made`. Their words are asked of that service, at `GET /internal/complaints/{reference}` with
the scope `contacts`, which answers `{description, contact, property?}`.
"""
