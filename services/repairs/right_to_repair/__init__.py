"""The right to repair (SI 1994/133): what a tenant may do when a qualifying repair is late.

When the statutory period of the fault has passed, the tenant may ask for a second contractor, who gets the
same period again; missed again, the council owes compensation. The clocks are rows of right_to_repair.toml;
here are the appointment of the second contractor, which is published, and the sum owed, day by day.
"""
