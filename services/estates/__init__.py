"""Estates: the cleaning and inspection of sites, and problems reported on them (section 7 of the standards).

Answers for the cycles of cleaning and inspection, for the removal of racist or sexist graffiti within 24
hours, and for each problem until it is dealt with, here or by the service that it is referred to. It has the
caretakers' round of a day, and takes up what a complaint asks for. It publishes what happens to a site or a
reported problem (see events).
"""
