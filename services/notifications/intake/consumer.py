"""Every event of every service, to the one use case that takes it in."""

from services.notifications.intake.service import take_in
from shared.app import Consumes
from shared.messaging.broker import Queue

CONSUMES = Consumes(Queue("notifications", ("#",)), take_in)
