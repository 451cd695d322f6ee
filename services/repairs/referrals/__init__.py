"""Work that a case of another service asks for: a complaint, or a problem on an estate.

complaints says `complaints.service-requested` and `complaints.hazard-mentioned`, estates says
`estates.issue-referred`. Each case gets one repair here, however often and for whatever it refers to us, and
is told which: a complaint by `repairs.referral-taken-up`, a problem by `repairs.issue-taken-up`, and by
`repairs.issue-ended` how it ended.

The events say nothing of the home. Where it is, what is wrong and whom to tell is asked of the other service,
at `GET /internal/referrals/{reference}` with a service token of the scope `contacts`, which answers
`{property, description, contact}`, and estates a `place` where it is about no home.
"""
