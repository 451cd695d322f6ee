"""Repairs: from the report of a fault to its being put right (section 6 of the standards).

Answers for the four-hour promise on emergencies and the three priorities' completion times. Publishes
that a repair was reported, assigned, accepted, attended, made safe, could not be reached, needs
follow-on work, or was completed; it acts on nobody else's events yet.
"""
