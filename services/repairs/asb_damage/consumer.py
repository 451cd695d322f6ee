"""The consumer of asb's events, with the one use case that takes them in."""

from services.repairs.asb_damage.service import take_in
from shared.app import Consumes
from shared.messaging.broker import Queue

CONSUMES = Consumes(Queue("repairs", ("asb.damage-reported",)), take_in)
