"""Keeping the accounts at providers through which pages leave the building."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar
from uuid import UUID

from services.core.text import clean_line, clean_text, limit_of, require
from services.paging.destination import Destination, ProviderKind
from services.paging.errors import SecretInOptions
from services.providers.catalogue import PROVIDER_OF
from services.providers.errors import OptionsInvalid
from services.providers.provider import Account
from services.sync.changes import Act, Changes, State

LONGEST_PROBE_S = 7 * 86_400
_SECRET = re.compile(
    r"(secret|token|passw|credential|authorization|(api|routing|private|access|signing)_?key)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddDestination:
    """A new account at a provider. Its secrets are kept by the dispatcher's machine alone."""

    REMARK: ClassVar[str] = "name"

    destination_id: UUID
    kind: ProviderKind
    name: str
    base_url: str = ""
    options: str = "{}"
    may_reach_private: bool = False
    probe_every_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDestination:
    """New particulars of an account, or its retirement; the provider stays the same."""

    REMARK: ClassVar[str] = "name"

    destination_id: UUID
    name: str
    base_url: str
    options: str
    may_reach_private: bool
    probe_every_s: int
    is_active: bool


def add_destination(state: State, act: Act, command: AddDestination) -> Changes:
    """An account that its provider can work with.

    Raises:
        OptionsInvalid: the provider cannot.
        SecretInOptions: something that looks like a secret is in what everybody reads.
        FieldMissing: it has no name.
    """
    return Changes.none().insert(
        _sound(
            Destination(
                id=command.destination_id,
                kind=command.kind,
                name=command.name,
                base_url=command.base_url,
                options=command.options,
                may_reach_private=command.may_reach_private,
                probe_every_s=command.probe_every_s,
            )
        )
    )


def change_destination(state: State, act: Act, command: ChangeDestination) -> Changes:
    """New particulars; what was proved of the account before them is no longer told.

    Raises:
        OptionsInvalid: the provider cannot work with them.
        SecretInOptions: something that looks like a secret is in what everybody reads.
        FieldMissing: it has no name.
    """
    before = state.get(Destination, command.destination_id)
    after = _sound(
        replace(
            before,
            name=command.name,
            base_url=command.base_url,
            options=command.options,
            may_reach_private=command.may_reach_private,
            probe_every_s=command.probe_every_s,
            is_active=command.is_active,
        )
    )
    if (after.base_url, after.options) != (before.base_url, before.options):
        after = replace(after, probed_at=None, probe_result="")
    return Changes.none().update(before, after)


def _sound(destination: Destination) -> Destination:
    name = clean_line(destination.name, field="name")
    require("name", name)
    base_url = clean_line(destination.base_url, limit_of("base_url"), field="address")
    text = clean_text(destination.options, limit_of("options"), field="options")
    if not 0 <= destination.probe_every_s <= LONGEST_PROBE_S:
        raise OptionsInvalid(option="probe", problem=f"0 to {LONGEST_PROBE_S:,} seconds")
    options = options_of(text)
    provider = PROVIDER_OF[destination.kind.value]
    given = [name for name in options if name in provider.secrets or _SECRET.search(name)]
    # Where the address is the secret, nobody may read it here.
    if given or (base_url and "url" in provider.secrets):
        raise SecretInOptions(option=(*given, "address")[0])
    if destination.is_active:
        provider.check(Account(id=str(destination.id), base_url=base_url, options=options))
    return replace(destination, name=name, base_url=base_url, options=text)


def options_of(text: str) -> Mapping[str, str]:
    """The options that a destination keeps as JSON.

    Raises:
        OptionsInvalid: it is no JSON object of texts.
    """
    try:
        options = json.loads(text)
    # Brackets a thousand deep are more than the parser's stack.
    except (ValueError, RecursionError) as error:
        raise OptionsInvalid(option="options", problem="they are no JSON") from error
    if not isinstance(options, dict) or not all(isinstance(v, str) for v in options.values()):
        raise OptionsInvalid(option="options", problem="they are no JSON object of texts")
    return options
