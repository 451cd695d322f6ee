"""The applications of the services, as their processes serve them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from importlib import import_module

from fastapi import FastAPI

from gateway.pages import create_pages
from shared.app import Service
from tests.shared.example.directory import WITH_EXAMPLE


@cache
def app_of(service: str) -> FastAPI:
    """A service's application, which nobody has started."""
    app: FastAPI = import_module(f"{WITH_EXAMPLE.row(service).package}.main").app()
    return app


def service_of(name: str) -> Service:
    """A service's own parts."""
    service: Service = import_module(f"{WITH_EXAMPLE.row(name).package}.main").SERVICE
    return service


def pages_of_the_gateway() -> FastAPI:
    """The gateway's own routes."""
    return create_pages(_not_started)


@asynccontextmanager
async def _not_started(_: FastAPI) -> AsyncIterator[None]:
    yield
