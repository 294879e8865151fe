"""How a command travels and is kept: its name, its values as plain JSON, who and when."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.core.clock import from_microseconds, to_microseconds
from services.core.records import Plain, columns_of
from services.core.text import clean_text, ensure_storable
from services.sync.changes import Act, Changes, State

CommandFunction = Callable[[State, Act, Any], Changes]


@dataclass(frozen=True)
class CommandSpec:
    """One kind of command and the function that decides it.

    A command with an effect outside has a ``max_age``: later it is no longer carried out.
    ``number_argument`` names the argument that is a reserved number.
    """

    command: type
    function: CommandFunction
    is_undoable: bool = False
    is_online_only: bool = False
    max_age: timedelta | None = None
    number_argument: str = ""

    @property
    def name(self) -> str:
        """The command's name in journals, logs and guards."""
        return self.command.__name__


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A command on its way. The same id is never given to two commands."""

    command_id: UUID
    name: str
    args: dict[str, Plain] = field(hash=False)
    actor_id: UUID
    happened_at: datetime
    on_behalf_of: str = ""
    remark: str = ""
    args_version: int = 1
    expires_at: datetime | None = None

    @property
    def act(self) -> Act:
        """What rules may know of it."""
        return Act(
            command_id=self.command_id,
            actor_id=self.actor_id,
            happened_at=self.happened_at,
            on_behalf_of=self.on_behalf_of,
        )


def seal(
    command: object,
    *,
    command_id: UUID,
    actor_id: UUID,
    happened_at: datetime,
    on_behalf_of: str = "",
    max_age: timedelta | None = None,
) -> Envelope:
    """Put a command into an envelope.

    Raises:
        InvalidText: a text cannot be stored, or the remark for the history is too long.
    """
    kind: type = type(command)
    remark = getattr(kind, "REMARK", "")
    return Envelope(
        command_id=command_id,
        name=kind.__name__,
        args=_args(command),
        actor_id=actor_id,
        happened_at=happened_at,
        on_behalf_of=on_behalf_of,
        remark=clean_text(getattr(command, remark), field=remark) if remark else "",
        expires_at=None if max_age is None else happened_at + max_age,
    )


def _args(command: object) -> dict[str, Plain]:
    kind: type = type(command)
    args = {c.name: c.to_plain(getattr(command, c.name)) for c in columns_of(kind)}
    for name, value in args.items():
        if isinstance(value, str):
            ensure_storable(value, field=name.replace("_", " "))
    return args


def unseal(envelope: Envelope, command: type) -> object:
    """Take the command out; values an older program did not know keep their defaults."""
    known = {c.name: c for c in columns_of(command)}
    values = {
        name: known[name].from_plain(value)
        for name, value in envelope.args.items()
        if name in known
    }
    return command(**values)


def envelope_to_json(envelope: Envelope) -> str:
    """The envelope as one line of JSON."""
    plain = {f.name: getattr(envelope, f.name) for f in fields(envelope)}
    plain["command_id"] = str(envelope.command_id)
    plain["actor_id"] = str(envelope.actor_id)
    plain["happened_at"] = to_microseconds(envelope.happened_at)
    expires_at = envelope.expires_at
    plain["expires_at"] = None if expires_at is None else to_microseconds(expires_at)
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def envelope_from_json(text: str) -> Envelope:
    """Read an envelope back."""
    plain = json.loads(text)
    plain["command_id"] = UUID(plain["command_id"])
    plain["actor_id"] = UUID(plain["actor_id"])
    plain["happened_at"] = from_microseconds(plain["happened_at"])
    expires_at = plain.get("expires_at")
    plain["expires_at"] = None if expires_at is None else from_microseconds(expires_at)
    return Envelope(**plain)
