"""The directory of the example alone, and the product's with the example added."""

from dataclasses import replace
from pathlib import Path

from shared.directory import DIRECTORY, Directory, ServiceRow

FILES = Path(__file__).parent

ROW = ServiceRow(
    name="permits",
    port=8199,
    paths=("/v1/permits",),
    prefixes=("PER",),
    departments=("permits",),
    package="tests.shared.example",
)
ALONE = Directory(
    (ROW,), (FILES / "vocabulary.toml",), (FILES / "standards.toml",), (FILES / "permits.toml",)
)
WITH_EXAMPLE = replace(
    DIRECTORY,
    services=(*DIRECTORY.services, ROW),
    vocabulary=(*DIRECTORY.vocabulary, *ALONE.vocabulary),
    standards=(*DIRECTORY.standards, *ALONE.standards),
    messages=ALONE.messages,
)
