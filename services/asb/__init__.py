"""Anti-social behaviour: from the first report to the closing of the case, victims first (section 9).

Answers for contact with the victim, the action plan, progress updates, the survey after closing, and damage
to the home made safe; for the manager's review of a high risk, a rule for staff (`internal`); and for the
case review of the Anti-social Behaviour, Crime and Policing Act 2014, section 104. It publishes what happens
to a case (see events), and acts on two events: repairs', that a damage is safe, and complaints', that a
complaint asks for this service.

Nobody sees a case without the scope `asb` and a place in its team; its reporter sees their own, and the
person complained of sees none of it. What people say is in few columns (see models) and in no event: repairs
asks where a damaged home is at `GET /internal/damages/{reference}/{damage}`.
"""
