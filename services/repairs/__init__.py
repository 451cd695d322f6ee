"""Repairs: from the report of a fault to its being put right (section 6 of the standards).

Answers for the four-hour promise on emergencies, the three priorities' completion times and the yearly
servicing of appliances; for the right to repair and Awaab's law; and for making damage safe that was done by
anti-social behaviour (section 9). It publishes what happens to a repair or an appliance (see events), and
acts on one event of another service: asb's, that damage was reported.

`case/` is the repair itself; each feature is a folder of its own, with the same files, that knows the repair
and no other feature. The lifecycle of each says which acts are whose, and when; `views/` puts them together
for every answer. A use case over several features is a file in `actions/`.
"""
