"""The consumer of other services' events: a use case for each type."""

from services.complaints.service.following import note_taken_up
from shared.app import Consumes
from shared.messaging.broker import Queue

CONSUMES = Consumes(Queue("complaints", ("repairs.referral-taken-up",)), note_taken_up)
