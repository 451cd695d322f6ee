"""The right to repair (SI 1994/133): a tenant's remedies when a qualifying repair is late.

When the statutory period of the fault has passed, the tenant may ask for a second contractor, who gets the
same period again; missed again, the council owes compensation. The clocks are rows of right_to_repair.toml;
here are the rule that opens the right and the sum owed, day by day. The appointment of the second
contractor changes more than one feature: `actions/second_contractor.py`.
"""
