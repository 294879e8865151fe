"""A real Secret Service in a session of its own: private home, private bus."""

import base64
import os
import shutil
import subprocess
import sys
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = ("dbus-run-session", "gnome-keyring-daemon")
MISSING = [name for name in PROGRAMS if shutil.which(name) is None]
WHY_SKIPPED = f"no {' and no '.join(MISSING)} on this system"
UNLOCKED = "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null"
LOCKED = "gnome-keyring-daemon --start --components=secrets >/dev/null"
RUNTIME = "run"
"""Short, as the path of a socket may have 107 characters at most."""
ROOT = Path(__file__).resolve().parents[1]


@dataclass
class KeyringSession:
    """Runs Python programs beside a keyring, or where there is none."""

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def environment(self, **more: str) -> dict[str, str]:
        for name in ("home", RUNTIME):
            (self.folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return {
            **kept,
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.folder / RUNTIME),
            "FIRSTLINE_HOME": str(self.home / "firstline"),
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests"))),
            "QT_QPA_PLATFORM": "offscreen",
            **more,
        }

    def command(self, program: str, before: str = "", *arguments: str) -> list[str]:
        """What runs a program after the shell line ``before``, on a bus of its own if given."""
        python = [sys.executable, "-P", "-c", program, *arguments]
        if not before:
            return python
        return ["dbus-run-session", "--", "sh", "-c", f'{before}; exec "$@"', "sh", *python]

    def run(
        self, program: str, before: str = "", typed: str = "", **more: str
    ) -> subprocess.CompletedProcess[str]:
        """Run it to its end; ``typed`` is what it reads."""
        return subprocess.run(
            self.command(program, before),
            input=typed,
            env=self.environment(**more),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def hiding_places(secret: str, folder: Path) -> list[str]:
    """Files below a folder that hold the secret, as text or in a form it is easily read from."""
    forms = _forms(secret)
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(form in path.read_bytes() for form in forms)
    )


def holds(secret: str, text: str | bytes) -> bool:
    """Whether a text holds the secret in any of these forms."""
    raw = text.encode() if isinstance(text, str) else text
    return any(form in raw for form in _forms(secret))


def _forms(secret: str) -> list[bytes]:
    raw = secret.encode()
    return [
        raw,
        raw.hex().encode(),
        secret.encode("utf-16-le"),
        base64.b64encode(raw).rstrip(b"="),
        urllib.parse.quote(secret).encode(),
    ]
