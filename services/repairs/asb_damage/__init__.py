"""Damage done to a home by anti-social behaviour, made safe within 24 hours (section 9 of the standards).

asb says `asb.damage-reported`: the reference of its case, and the facts `damage` (a number within the
case), `our_repair_responsibility`, and `imported` for history. What is ours to repair becomes a repair here,
once for each damage, and asb is told by `repairs.asb-damage-repair-raised` and
`repairs.asb-damage-made-safe`.

The event says nothing of the victim, not even where they live. Where the home is and what is broken is
asked of asb, at `GET /internal/damages/{reference}/{damage}` with a service token of the scope `contacts`,
which answers `{property: {uprn?, address, postcode}, fault?, description?}`: the fault gives the repair its
priority by the guide, and the description is meant for the contractor.
"""
