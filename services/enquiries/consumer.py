"""The consumer of other services' events: letters that were delivered, and what complaints ask us for."""

from services.enquiries.service.following import SERVICE_REQUESTED, follow
from shared.app import Consumes
from shared.events import NOTICE_DELIVERED
from shared.messaging.broker import Queue

CONSUMES = Consumes(Queue("enquiries", (NOTICE_DELIVERED, SERVICE_REQUESTED)), follow)
