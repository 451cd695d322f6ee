"""Appointments, offered at the first point of contact for every non-emergency repair (section 6).

Contractors and officers publish slots: a trade, a window of time, and how many visits fit in it. A report
is answered with the earliest that fit its priority; booking takes one place, and never more than there
are. The firm whose slot is booked has the job, unless an officer gave it to another. Follow-on visits
agreed on site are appointments too, in a slot of the firm or in none. Publishes that an appointment was
booked or cancelled, and that a report could be offered none.
"""
