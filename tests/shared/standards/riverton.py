"""Riverton, an invented council, and the standards file it would write."""

from pathlib import Path

from shared.standards.catalogue import Catalogue

FILE = """
regime = "riverton"
title = "Riverton's promises"
source = "Riverton charter"
lead_in = "Riverton promised to"
in_force_from = 2020-01-01
ladders.default = []
"""
PROMISE = """
id = "repairs.done"
promise = "We will repair it."
period = "5 days"
starts_on = ["repairs.repair-reported"]
met_by = ["repairs.repair-completed"]
"""
ROW = f"[[standard]]\n{PROMISE}"


def load(folder: Path, text: str) -> Catalogue:
    """The catalogue of Riverton alone, from the text of its file."""
    file = folder / "riverton.toml"
    file.write_text(text)
    return Catalogue.load([file])
