"""Every timed promise as data, the calendar it is counted on, and the fold that turns facts into deadlines.

Nothing here reads a clock, a database or a network: the same facts, table and calendar give the same
dates in every process, so that the owner of a case and notifications always quote the same one.
"""
