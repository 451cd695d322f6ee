"""Work that a complaint asks for: a request for a repair, or a hazard that it tells of.

complaints says `complaints.service-requested` and `complaints.hazard-mentioned`. Each complaint gets one
repair here, however often and for whatever it refers to us, and `repairs.referral-taken-up` says which.

The events say nothing of the home. Where it is, what is wrong and whom to tell is asked of complaints, at
`GET /internal/referrals/{reference}` with a service token of the scope `contacts`, which answers
`{property, description, contact}`.
"""
