"""Residents: tenancies, the settling-in visit and the support plan (section 8 of the standards).

Will answer for the visit within three weeks of a tenancy's start, two for a care leaver. It publishes what
happens to a tenancy (see events).
"""
