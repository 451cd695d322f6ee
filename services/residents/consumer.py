"""The consumer of complaints' events, with the one use case that takes them in."""

from services.residents.service.referrals import take_in
from shared.app import Consumes
from shared.messaging.broker import Queue

CONSUMES = Consumes(Queue("residents", ("complaints.service-requested",)), take_in)
