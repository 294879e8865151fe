"""What a team's profile holds that its shared database has not decided: counted, and saved."""

import json
from contextlib import closing, suppress
from pathlib import Path

from services.core.database import reading_engine
from services.core.errors import AppError
from services.core.paths import Home
from services.core.profiles import ProfileEntry
from services.core.secrets import Secret
from services.incidents.conflicts import act_words, typed_in
from services.incidents.queries import numbers_and_summaries
from services.sync.envelope import Envelope, envelope_to_json
from services.sync.journal import Journal


class FileNotSaved(AppError):
    """The file with the unsent changes could not be written."""

    code = "unsent-not-saved"


def unsent_count(home: Home, entry: ProfileEntry, key: Secret | None) -> int:
    """How many commands of a team's profile its shared database has not decided yet.

    Raises:
        AppError: the journal cannot be read.
    """
    found, damaged = _undecided(home, entry, key)
    return len(found) + damaged


def save_unsent(home: Home, entry: ProfileEntry, key: Secret | None, file: Path) -> int:
    """Write those commands into a file, a line of JSON each; returns how many.

    A line says in words what was done to which incident and what was typed, and holds the whole
    command for programs.

    Raises:
        FileNotSaved: the file cannot be written.
        AppError: the journal cannot be read.
    """
    found, _ = _undecided(home, entry, key)
    about = _incidents(home.of_team(entry.id).replica, key, found)
    lines = [json.dumps(_line(envelope, about), ensure_ascii=False) for envelope in found]
    try:
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise FileNotSaved(file=str(file), problem=error.strerror or str(error)) from error
    return len(found)


def _undecided(home: Home, entry: ProfileEntry, key: Secret | None) -> tuple[list[Envelope], int]:
    own = home.of_team(entry.id)
    if not own.journal.exists():
        return [], 0
    with closing(Journal(own.journal, key)) as journal:
        entries, damaged = journal.entries(is_undecided_only=True)
    return [entry.envelope for entry in entries], damaged


def _incidents(
    cache: Path, key: Secret | None, found: list[Envelope]
) -> dict[str, tuple[int, str]]:
    """Number and summary of the incidents, as far as the copy on this computer can be read."""
    engine = reading_engine(cache, key=key)
    ids = {str(envelope.args.get("incident_id")) for envelope in found}
    with suppress(AppError, OSError), closing(engine.connect()) as connection:
        return numbers_and_summaries(connection, ids)
    return {}


def _line(envelope: Envelope, about: dict[str, tuple[int, str]]) -> dict[str, object]:
    number, summary = about.get(str(envelope.args.get("incident_id")), (None, ""))
    return {
        "given_at": envelope.happened_at.isoformat(),
        "what": act_words(envelope.name),
        "incident": f"INC-{number}" if number else "",
        "summary": summary,
        "typed": typed_in(envelope),
        "command": json.loads(envelope_to_json(envelope)),
    }
