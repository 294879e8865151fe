"""How the smoke test starts programs as on a machine that knows nothing of this checkout."""

import json
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

PATIENCE_S: Final = 60.0
TOUR_PATIENCE_S: Final = 600.0
_POLL_S: Final = 0.01
_REST_S: Final = 0.5

# One incident of the log that the administrator's program imports: logged, then resolved.
LOG_COLUMNS: Final = (
    *("number", "incident_state", "active", "reassignment_count", "reopen_count"),
    *("sys_mod_count", "made_sla", "caller_id", "opened_by", "opened_at", "sys_created_by"),
    *("sys_created_at", "sys_updated_by", "sys_updated_at", "contact_type", "location"),
    *("category", "subcategory", "u_symptom", "cmdb_ci", "impact", "urgency", "priority"),
    *("assignment_group", "assigned_to", "knowledge", "u_priority_confirmation", "notify"),
    *("problem_id", "rfc", "vendor", "caused_by", "closed_code", "resolved_by"),
    *("resolved_at", "closed_at"),
)
_INCIDENT: Final = {
    "number": "INC0000001",
    "incident_state": "New",
    "active": "true",
    "reassignment_count": "0",
    "reopen_count": "0",
    "sys_mod_count": "0",
    "made_sla": "true",
    "caller_id": "Caller 1",
    "opened_by": "Opened by 1",
    "opened_at": "29/2/2016 01:16",
    "sys_updated_by": "Updated by 1",
    "sys_updated_at": "29/2/2016 01:23",
    "contact_type": "Phone",
    "category": "Category 1",
    "impact": "2 - Medium",
    "urgency": "2 - Medium",
    "priority": "3 - Moderate",
    "assignment_group": "Group 1",
    "knowledge": "false",
    "u_priority_confirmation": "false",
    "notify": "Do Not Notify",
}


class NotProven(Exception):
    """What was made does not do what it must; the text says why."""


class CannotTell(Exception):
    """This machine lacks what a check needs; the text says what."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody with an empty home who starts programs with nothing but a search path."""

    home: Path
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """All that the programs are told."""
        return {"PATH": "/usr/bin:/bin", "HOME": str(self.home), **self.more}

    def output_of(self, *command: object, patience_s: float = PATIENCE_S) -> str:
        """What a program prints, run from the root folder.

        Raises:
            NotProven: it ended with an error or not in time.
        """
        words = [str(word) for word in command]
        name = Path(words[0]).name
        try:
            done = subprocess.run(
                words,
                cwd="/",
                env=self.environment,
                capture_output=True,
                text=True,
                timeout=patience_s,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise NotProven(f"{name} did not end within {patience_s:.0f} s") from error
        except OSError as error:
            raise NotProven(f"{name} does not start: {error}") from error
        if done.returncode != 0:
            told = "\n".join((done.stdout + done.stderr).strip().splitlines()[-8:])
            raise NotProven(f"{name} ended with {done.returncode}:\n{told}")
        return done.stdout

    def seconds_to_queue(self, program: Path, preferences: Path) -> float:
        """Start the desk offscreen, wait until its files are open, then end it politely.

        It writes its preferences as it begins to build the queue; that can be seen from outside.

        Raises:
            NotProven: it got no queue, or did not end in order.
        """
        preferences.unlink(missing_ok=True)
        began = time.monotonic()
        offscreen = replace(self, more={"QT_QPA_PLATFORM": "offscreen", **self.more})
        with offscreen.started(program) as desk:
            try:
                _wait_for(preferences.is_file, desk)
                took_s = time.monotonic() - began
                _wait_for(_Rest(desk.pid).is_reached, desk)
                desk.send_signal(signal.SIGTERM)
                _, told = desk.communicate(timeout=PATIENCE_S)
            except subprocess.TimeoutExpired as error:
                raise NotProven(f"the desk did not end within {PATIENCE_S:.0f} s") from error
            finally:
                desk.kill()
        if desk.returncode != 0 or "Traceback" in told:
            raise NotProven(f"the desk ended with {desk.returncode}:\n{told.strip()}")
        return took_s

    def started(self, *command: object) -> subprocess.Popen[str]:
        """A program that runs on, from the root folder, with a pipe to each of its ends."""
        return subprocess.Popen(
            [str(word) for word in command],
            cwd="/",
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


class _Rest:
    """Tells when a process has used next to no processor for half a second."""

    def __init__(self, pid: int) -> None:
        self._stat = Path(f"/proc/{pid}/stat")
        self._since_s, self._ticks = time.monotonic(), self._used()

    def is_reached(self) -> bool:
        """Whether the process waits for a person."""
        now_s = time.monotonic()
        if now_s - self._since_s < _REST_S:
            return False
        before, self._since_s, self._ticks = self._ticks, now_s, self._used()
        return self._ticks - before <= 1

    def _used(self) -> int:
        fields = self._stat.read_text("utf-8").rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])


def write_log(file: Path) -> None:
    """Write an incident log of one incident in two events."""
    resolved = {
        **_INCIDENT,
        "incident_state": "Resolved",
        "sys_mod_count": "1",
        "sys_updated_at": "29/2/2016 08:53",
        "resolved_by": "Resolved by 1",
        "resolved_at": "29/2/2016 08:53",
    }
    rows = [
        ",".join(event.get(name, "?") for name in LOG_COLUMNS) for event in (_INCIDENT, resolved)
    ]
    file.write_text("\n".join([",".join(LOG_COLUMNS), *rows, ""]), "utf-8")


def numbers_of(report: Path) -> dict[str, object]:
    """The numbers of an import's report."""
    found: dict[str, object] = json.loads(report.read_text("utf-8"))
    return found


def _wait_for(is_there: Callable[[], bool], desk: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_there():
        if desk.poll() is not None:
            told = desk.stderr.read() if desk.stderr else ""
            raise NotProven(f"the desk ended at its start with {desk.returncode}:\n{told.strip()}")
        if time.monotonic() > deadline:
            raise NotProven(f"the desk showed no queue within {PATIENCE_S:.0f} s")
        time.sleep(_POLL_S)
