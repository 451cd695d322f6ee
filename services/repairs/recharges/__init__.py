"""Recharges: a repair that its resident has to pay for (section 6).

The council quotes the cost and its own administration charge; the resident signs before the work starts,
or declines, which closes the repair. An officer may waive the charge. What removes a danger waits for
nobody's signature. Publishes that a charge was quoted, signed, declined or waived, in pence and without
the reason.
"""
