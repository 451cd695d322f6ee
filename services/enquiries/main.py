"""The enquiries service: `python -m deploy.serve services.enquiries.main:app 8106`."""

from functools import partial

from services import enquiries
from services.enquiries.api import calls, enquiries as enquiry_routes, feedback, mail, office, texts
from services.enquiries.consumer import CONSUMES
from services.enquiries.models import Appointment, Call, Enquiry, Feedback, Visit
from services.enquiries.policy import (
    appointment as appointment_policy,
    call as call_policy,
    enquiry as policy,
    feedback as feedback_policy,
    visit as visit_policy,
)
from services.enquiries.service import asking
from shared.app import Service, create_app
from shared.cases.queries import Owned
from shared.cases.routers import internal_router

OWNED: Owned = {
    Enquiry: policy.LIFECYCLE.ended,
    Call: call_policy.LIFECYCLE.ended,
    Appointment: appointment_policy.LIFECYCLE.ended,
    Visit: visit_policy.LIFECYCLE.ended,
    Feedback: feedback_policy.LIFECYCLE.ended,
}

SERVICE = Service(
    name="enquiries",
    title="Enquiries",
    description=enquiries.__doc__ or "",
    owned=OWNED,
    consumes=CONSUMES,
    workers=(("asking", asking.run),),
    asks={"asking": asking.COMPLAINTS},
    routers=(
        enquiry_routes.router,
        enquiry_routes.attachments,
        enquiry_routes.internal,
        mail.router,
        texts.router,
        calls.router,
        office.visit_routes,
        office.appointment_routes,
        feedback.router,
        internal_router(OWNED),
    ),
)

app = partial(create_app, SERVICE)
