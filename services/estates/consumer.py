"""The consumer of other services' events: what complaints ask for, and cases about our problems."""

from services.estates.service.following import ENDED, SERVICE_REQUESTED, TAKEN_UP, follow
from shared.app import Consumes
from shared.messaging.broker import Queue

CONSUMES = Consumes(Queue("estates", (SERVICE_REQUESTED, *TAKEN_UP, *ENDED)), follow)
