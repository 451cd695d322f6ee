"""Programs that tests need: found on this machine, or installed where apt-get may; and ports for them."""

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path


def found_or_installed(program: str, package: str) -> str | None:
    """The path of a program, after installing its Debian package if need be; None where it cannot be had."""
    if shutil.which(program) is None and (installer := apt_get()) is not None:
        install(installer, package)
    return shutil.which(program)


def apt_get() -> list[str] | None:
    """The apt-get we may use without being asked for a password, if any."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    if succeeds("sudo", "-n", "true"):
        return ["sudo", "-n", "apt-get"]
    return None


def install(installer: list[str], package: str) -> None:
    """Install a package; while another run of the tests does, wait, and then there is nothing to do."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with (Path(tempfile.gettempdir()) / f"installing-{package}-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if succeeds("dpkg", "--status", package):
            return
        for arguments in (["update"], ["install", "--yes", "--no-install-recommends", package]):
            subprocess.run([*installer, "-qq", *arguments], env=environment, capture_output=True, check=False)


def succeeds(*command: str) -> bool:
    """Run a command that may not be there, in silence."""
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def free_port() -> int:
    """A TCP port on the loopback that nothing uses at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
