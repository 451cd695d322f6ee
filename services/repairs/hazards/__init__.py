"""Hazards in the home (Awaab's law, SI 2025/1042), on the repair that puts them right.

A report or an inspection names a hazard and how grave it is. Then it is investigated, the tenant is sent a
written summary, safety work and further preventive work are done, and if need be the household is moved.
Which hazards have clocks of the law, and from which day on, is said by the regime's file and not here; a
hazard out of its scope is dealt with in the same way, without them.
"""
