"""Anti-social behaviour: from the first report to the closing of the case (section 9 of the standards).

Will answer for contact with the victim, the action plan, updates, the survey, and damage made safe. It
publishes what happens to a case (see events). Nobody without the scope `asb` sees a case, or which repair
belongs to one.
"""
