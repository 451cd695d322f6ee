"""The routes of cases of anti-social behaviour."""

from services.asb.api import attachments, case_reviews, cases, inside, oversight, work

ROUTERS = (
    oversight.router,
    cases.router,
    work.router,
    case_reviews.router,
    attachments.router,
    inside.router,
)
"""Those with a fixed path before those with a reference in its place."""
