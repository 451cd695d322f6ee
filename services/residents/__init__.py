"""Residents: tenancies, the settling-in visit and the support plan, and the address book (section 8).

Answers for the visit within three weeks of a tenancy's start, two for a care leaver, and keeps the plans made
and asked for, and the welfare cases that worries about residents become. It has the address book of the
council's homes, and of each household whether it is vulnerable, how to get in, and who may be written to:
other services ask for that at /internal/households, and every reading of it is noted. It publishes what
happens to a tenancy or a worry, and how each home is spelt (see events).
"""
