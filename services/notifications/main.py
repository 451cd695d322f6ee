"""The notifications service: `python -m deploy.serve services.notifications.main:app 8102`.

With WORKERS=false it serves its routes only, and `python -m services.notifications.main consumer`
(or another that its row in shared/directory.py has run apart) runs each worker as a process of its own.
"""

import os
import sys
from functools import partial

from services import notifications
from services.notifications.api import (
    callbacks,
    cases,
    effects as effects_routes,
    measures as measures_routes,
    messages,
    operations,
    worklist,
)
from services.notifications.calendar import bank_holidays
from services.notifications.deadlines import calendar_changes, sweep
from services.notifications.figures import indicators, measures
from services.notifications.figures.status import status_figures
from services.notifications.intake.consumer import CONSUMES
from services.notifications.notices import delivery, printing, rows
from services.notifications.notices.channels import opening
from services.notifications.notices.check import check
from services.notifications.notices.queries import attempts, sent
from services.notifications.notices.recipients import recipients_of
from services.notifications.reconciliation import nightly
from shared.app import Service, create_app
from shared.app_state import AppState
from shared.standards.catalogue import Catalogue
from shared.worker import run_worker

# A message that cannot be said, or an indicator that nothing counts for, keeps the service from starting.
check(rows.bundled(), Catalogue.bundled())
indicators.check(indicators.bundled(), Catalogue.bundled().vocabulary)
measures.check(measures.bundled(), Catalogue.bundled())


def check_own_files(state: AppState) -> None:
    """Raise BadMessage for an own message that cannot be said, BadRecipients for one that none gets.

    BadChannels or BadServer for settings by which letters would not leave; PrintingUnavailable where letters
    are to be printed, and what prints them is not installed.
    """
    directory, own = state.settings.directory, rows.messages_of(state.settings.directory)
    if directory.messages:
        check(own, state.catalogue)
    opening.check(state.settings)
    if state.settings.pdf_letters:
        printing.check_available()
    recipients = recipients_of(state.settings.recipients_file)
    rungs = {rung.name for row in state.catalogue.standards for rung in row.ladder}
    recipients.check(directory.departments, rungs | {row.kind or row.on for row in own.rows})


SERVICE = Service(
    name="notifications",
    title="Notifications",
    description=notifications.__doc__ or "",
    routers=(
        cases.router,
        effects_routes.router,
        measures_routes.router,
        worklist.router,
        messages.router,
        callbacks.router,
        operations.router,
    ),
    consumes=CONSUMES,
    workers=(
        ("sweep", sweep.run),
        ("delivery", delivery.run),
        ("calendar-changes", calendar_changes.run),
        ("bank-holidays", bank_holidays.run),
        ("reconciliation", nightly.run),
    ),
    check=check_own_files,
    figures=status_figures,
    forgets=(sent.forget, attempts.forget),
)

app = partial(create_app, SERVICE)

# Taking in can wait a moment when accepting wants the processor, and delivering longer.
NICENESS = {"consumer": 5, "delivery": 10}

if __name__ == "__main__":
    if sys.platform != "win32":
        os.nice(NICENESS.get(sys.argv[1], 0))
    run_worker(SERVICE, sys.argv[1])
