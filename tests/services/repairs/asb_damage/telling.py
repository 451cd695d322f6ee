"""asb as repairs knows it: what it tells, what it hears, and what it answers when it is asked."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import uuid4

import pytest
from fastapi import FastAPI, Header, HTTPException

from shared.app_state import AppState
from shared.events import Event
from shared.messaging.broker import Broker
from tests.services.lines import Line
from tests.support.clock import house_clock

either_broker = pytest.mark.parametrize(
    "broker", ["local", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)], indirect=True
)

CASE = "ASB-7K3M-Q9TX"
ASB_URL = "http://127.0.0.1:3"
HOME = {
    "property": {"address": "3 High Street", "postcode": "rm1 1ab"},
    "description": "The front door was kicked in.",
    "fault": "insecure-window-door-or-lock",
    "victim": "is nobody else's business",
}


@dataclass
class Asb:
    """The asb service: the events it tells, those it hears of repairs, and its answers."""

    broker: Broker
    resources: AppState
    way: Line
    received: list[Event] = field(default_factory=list)
    homes: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    access: dict[str, Any] = field(default_factory=lambda: {"team": [], "kept_from": [], "as_of": 1})
    asked_by: list[str] = field(default_factory=list)
    # what happens while it is being asked
    meanwhile: Callable[[], Awaitable[None]] | None = None

    async def tell(self, *events: Event) -> None:
        """Publish as asb's relay would, until it is safe."""
        owed = list(events)
        while owed:
            safe = await self.broker.publish(owed)
            owed = [event for event, is_safe in zip(owed, safe, strict=True) if not is_safe]
            await asyncio.sleep(0.01)

    async def take(self, bodies: Sequence[bytes]) -> list[str | None]:
        self.received += [Event.from_json(body) for body in bodies]
        return [None] * len(bodies)

    def of_type(self, kind: str) -> list[Event]:
        return [event for event in self.received if event.type == kind]


def damage_reported(sequence: int = 2, **changes: Any) -> Event:
    """Damage that asb says was done, an hour ago and ours to repair unless said otherwise."""
    facts = {"damage": 1, "our_repair_responsibility": True}
    now = house_clock()
    return Event(
        id=changes.pop("id", uuid4()),
        type="asb.damage-reported",
        reference=changes.pop("reference", CASE),
        sequence=sequence,
        occurred_at=changes.pop("occurred_at", now),
        recorded_at=now,
        facts=facts | changes,
    )


def home_given(sequence: int = 5) -> Event:
    """Word of asb that the home of its case became known, or was corrected."""
    now = house_clock()
    return Event(
        id=uuid4(),
        type="asb.home-given",
        reference=CASE,
        sequence=sequence,
        occurred_at=now,
        recorded_at=now,
        facts={},
    )


def answering(asb: Asb) -> FastAPI:
    """The answers of asb to the two questions that repairs has for it."""
    app = FastAPI()

    @app.get("/internal/access/{reference}")
    async def access(reference: str) -> dict[str, Any]:
        return asb.access

    @app.get("/internal/damages/{reference}/{damage}")
    async def damage(reference: str, damage: int, authorization: Annotated[str, Header()]) -> dict[str, Any]:
        asb.asked_by.append(authorization)
        if asb.meanwhile is not None:
            await asb.meanwhile()
        if (reference, damage) not in asb.homes:
            raise HTTPException(404)
        return asb.homes[reference, damage]

    return app
