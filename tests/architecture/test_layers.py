"""The layers of the house: arrows only point down, and no service imports another."""

import subprocess
import sys


def test_every_import_contract_is_kept() -> None:
    """The contracts in pyproject.toml hold; what breaks one is shown as the chain of imports."""
    checked = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
