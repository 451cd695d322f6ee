"""A service of two acts, on the table of permits, whose every step a test can watch: crates are sealed.

Its routes are CaseRoutes as any service's are; what they do, and what fails, is for a test to decide.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Body, FastAPI
from pydantic import BaseModel
from sqlalchemy import text

from shared.app import Service, create_app
from shared.caller import OFFICER, RESIDENT, Caller
from shared.cases import queries
from shared.cases.access import visible_to
from shared.cases.acts import check
from shared.cases.routers import Reference, action, case_router
from shared.cases.schemas import RequestModel
from shared.errors import Conflict
from shared.http.auth import may, requires
from shared.http.bodies import Upload, file_body
from shared.http.case_route import Allowed
from shared.lifecycle import STAYS, Lifecycle, Rule
from shared.messaging.local import LocalBroker
from shared.work import Creation, UnitOfWork
from tests.shared.cases.rows import a_case
from tests.shared.example.events import PermitIssued
from tests.shared.example.models import Permit
from tests.shared.permits_app import permits_state

ALREADY_SEALED = "The crate is sealed."


class Act(StrEnum):
    """An act on a crate, by its path."""

    SEAL = "seal"
    LABEL = "label"
    OPENING = "opening"
    WITHDRAWAL = "withdrawal"


class Stage(StrEnum):
    """A status of a crate."""

    PACKED = "requested"
    SEALED = "issued"
    WITHDRAWN = "withdrawn"


LIFECYCLE: Lifecycle[Stage] = Lifecycle(
    status_of=lambda stage: stage,
    rules={
        Act.SEAL: Rule(who=OFFICER, moves={Stage.PACKED: Stage.SEALED}, out_of_turn=ALREADY_SEALED),
        Act.LABEL: Rule(who=RESIDENT | OFFICER, moves={Stage.PACKED: STAYS, Stage.SEALED: STAYS}),
        Act.OPENING: Rule(who=OFFICER, moves={Stage.SEALED: Stage.PACKED}),
        Act.WITHDRAWAL: Rule(who=RESIDENT | OFFICER, moves={Stage.PACKED: Stage.WITHDRAWN}),
    },
)


class Words(RequestModel):
    """The words said with an act, of at most so many characters as the class says at the time."""

    most: ClassVar[int] = 100
    words: str

    def model_post_init(self, _: Any) -> None:
        if len(self.words) > self.most:
            raise ValueError("these are too many words")


class CrateOut(BaseModel):
    """A crate; its version is its ETag, its path its Location."""

    collection: ClassVar[str] = "/v1/crates"
    reference: str
    version: int
    handler: str | None

    @property
    def path(self) -> str:
        return f"{self.collection}/{self.reference}"

    @classmethod
    def of(cls, crate: Permit) -> "CrateOut":
        return cls(reference=crate.reference, version=crate.version, handler=crate.handler_name)


class Note(RequestModel):
    """A body that may be left out."""

    words: str = "nothing was said"


Anyone = Annotated[UnitOfWork, requires()]
Photo = Annotated[Upload, file_body(("image/png",), most=1024 * 1024)]
Packer = Annotated[Creation, requires(RESIDENT | OFFICER)]
Sealer = Annotated[UnitOfWork, may(LIFECYCLE, Act.SEAL)]
Labeller = Annotated[UnitOfWork, may(LIFECYCLE, Act.LABEL)]
Withdrawing = Annotated[UnitOfWork, may(LIFECYCLE, Act.WITHDRAWAL)]


def crate_router(allowed: Allowed | None, before: Callable[[], None]) -> APIRouter:
    """The routes of crates; each act calls `before` in the middle of its work, which may raise."""
    router = case_router("/v1/crates", tags=["crates"], allowed=allowed)

    @router.post("", status_code=201)
    async def pack(body: Words, work: Packer) -> CrateOut:
        """Pack a crate."""
        before()
        work.add(crate := a_case(resident=work.caller.subject, handler_name=body.words))
        work.record(crate, PermitIssued())
        return CrateOut.of(crate)

    @router.post("/{reference}/seal", **action("Seal a crate"))
    async def seal(reference: Reference, body: Words, work: Sealer) -> CrateOut:
        """Change the row and tell of it, and only then judge the act, so that a refusal has what to undo."""
        crate = await queries.get_for_update(work, Permit, reference, visible_to(Permit, work.caller))
        stage, crate.handler_name = Stage(crate.status), body.words
        work.record(crate, PermitIssued())
        await work.session.flush()
        before()
        check(LIFECYCLE, Act.SEAL, stage)
        crate.status = str(LIFECYCLE.after(Act.SEAL, stage))
        return CrateOut.of(crate)

    @router.post("/{reference}/label", **action("Label a crate"))
    async def label(reference: Reference, body: Words, work: Labeller) -> CrateOut:
        """Refused by another's act, and not by the crate's own state."""
        crate = await queries.get_for_update(work, Permit, reference, visible_to(Permit, work.caller))
        before()
        if body.words == "taken":
            raise Conflict("Another crate has this label.")
        crate.handler_name = body.words
        work.record(crate, PermitIssued())
        return CrateOut.of(crate)

    @router.post("/{reference}/withdrawal", **action("Take a crate back"))
    async def withdraw(reference: Reference, body: Words, work: Withdrawing) -> CrateOut:
        """By whoever packed it, too."""
        crate = await queries.get_for_update(work, Permit, reference, visible_to(Permit, work.caller))
        check(LIFECYCLE, Act.WITHDRAWAL, Stage(crate.status))
        crate.status = Stage.WITHDRAWN
        return CrateOut.of(crate)

    @router.post("/{reference}/photo", **action("Show a crate"))
    async def show(reference: Reference, photo: Photo, work: Withdrawing) -> CrateOut:
        """Take a photo in, and keep nothing of it."""
        return CrateOut.of(await queries.get(work, Permit, reference))

    @router.post("/notes", status_code=201)
    async def note(work: Anyone, body: Annotated[Note, Body(default_factory=Note)]) -> Note:
        """Say something, or nothing."""
        return body

    return router


@dataclass
class Asked:
    """The circumstances in which a crate was asked what it allows."""

    caller: Caller
    now: datetime
    is_read_only: bool
    checked_out: int


class Watched:
    """An `allowed` that remembers how it was asked, and fails when a test wants it to."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.problem: Exception | None = None

    async def __call__(self, work: UnitOfWork, reference: str) -> list[str]:
        """The acts, with the handler that the row has for this reader."""
        pool: Any = work.state.database.engine.pool
        read_only = await work.session.scalar(text("SHOW transaction_read_only"))
        self.asked.append(Asked(work.caller, work.now, read_only == "on", pool.checkedout()))
        if self.problem is not None:
            raise self.problem
        crate = await queries.get(work, Permit, reference)
        acts = LIFECYCLE.allowed(work.caller.roles, Stage(crate.status))
        return [*sorted(acts), "seal", f"handler/{crate.handler_name}"]


def nothing() -> None:
    """Do nothing in the middle of an act, unless a test says otherwise."""


@asynccontextmanager
async def crates_app(
    url: str, allowed: Allowed | None = None, before: Callable[[], None] = nothing, **settings: Any
) -> AsyncIterator[FastAPI]:
    """The service of crates, running on the permits database at `url`."""
    routers = (crate_router(allowed, before),)
    service = Service(name="permits", title="Crates", description="", routers=routers)
    with TemporaryDirectory() as folder:
        app = create_app(service, permits_state(url, LocalBroker(Path(folder)), **settings))
        async with app.router.lifespan_context(app):
            yield app
