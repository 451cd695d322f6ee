"""The few services that make a house with each kind of process, for stories about processes."""

from dataclasses import replace

from pydantic import TypeAdapter

from shared.directory import DIRECTORY, Directory

FEW = replace(
    DIRECTORY,
    services=(
        replace(DIRECTORY.row("notifications"), runs_apart=("consumer", "delivery")),
        DIRECTORY.row("repairs"),
    ),
)


def in_the_environment(directory: Directory) -> str:
    """A directory as a process is told of it."""
    return TypeAdapter(Directory).dump_json(directory).decode()
