"""Estates: the cleaning and inspection of sites, and problems reported on them (section 7 of the standards).

Will answer for the caretakers' rounds, the inspections, and the removal of offensive graffiti in 24 hours. It
publishes what happens to a site or a reported problem (see events).
"""
