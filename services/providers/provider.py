"""What every provider is: a pure pair of functions, from an item to a call and from a reply back.

Providers touch no network, no database and no clock. One transport makes the calls
(``services/dispatcher/transport.py``), and the outbox decides about repeating.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol


class Step(Enum):
    """What an item says about its subject."""

    OPEN = "open"
    UPDATE = "update"
    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateMessage:
    """A status update as it leaves; nothing in it is looked up any more.

    ``current_status`` and ``next_steps`` hold a point each; an external update says all in
    ``summary``. ``next_update`` says when and where the next word comes. ``phase`` is the value of
    a :class:`ResponsePhase`; ``impact`` is ``none``, ``minor``, ``major`` or ``critical``.
    ``components`` is the state of each component by its id at this destination, as the value of a
    :class:`ComponentStatus`. ``audience`` is the value of an :class:`Audience`.
    ``replaces_key`` is the key of the sent update that this one corrects, or empty. ``told_at``,
    where given, is the moment it claims to be of; ``queued_at`` is when its sender let it go, the
    same at every attempt.
    """

    subject: str
    summary: str
    current_status: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()
    next_update: str = ""
    phase: str
    impact: str
    components: Mapping[str, str] = field(default_factory=dict)
    is_notifying: bool = False
    audience: str
    replaces_key: str = ""
    told_at: datetime | None = None
    queued_at: datetime | None = None
    is_final: bool = False
    is_correction: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomMember:
    """Somebody who is to be in a room.

    ``ids`` are what they may be called at the provider, ``mail`` finds them there. ``is_holding``:
    they hold a role now.
    """

    name: str
    ids: tuple[str, ...] = ()
    mail: str = ""
    is_holding: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomMessage:
    """What the chat room of a major incident is to be like.

    ``name`` is what it is called where the name is free; ``links`` are named addresses, for the
    topic. ``status`` is what the chat may say beside the names of those who hold a role.
    ``round`` rises when a person asks to try again what could not be done. ``is_private``: it is
    for the invited alone, whatever is usual.
    """

    name: str
    topic: str
    members: tuple[RoomMember, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    status: str = ""
    round: int = 0
    is_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One message, in our own words.

    ``key`` is the delivery's id: the same at every attempt. ``subject_key`` names the page or the
    incident at the provider: short, stable, readable (``firstline/INC-1042``). ``severity`` is
    1 to 5. ``at`` is the moment of the attempt. ``may_repeat`` says that an earlier attempt may
    have arrived. ``acknowledge_url`` and ``decline_url`` are signed one-time links, or empty.
    ``keypad_url`` takes the key pressed in a call; empty where a provider cannot reach us.
    ``reply_key`` is the delivery that a reply in writing answers, or empty. ``is_check``: nobody
    is meant; it is to prove that the account works.
    """

    key: str
    step: Step
    subject_key: str
    reference: str
    summary: str
    text: str = ""
    severity: int = 3
    at: datetime
    url: str = ""
    acknowledge_url: str = ""
    decline_url: str = ""
    keypad_url: str = ""
    reply_key: str = ""
    is_check: bool = False
    to_name: str = ""
    address: str = ""
    may_repeat: bool = False
    root_summary: str = ""
    """The summary when the subject was opened; a thread keeps it."""
    update: UpdateMessage | None = None
    """Where the item is a status update. Its step is OPEN for the first one that goes to this
    place about its subject, RESOLVE for the final one, and UPDATE in between."""
    earlier: tuple["Item", ...] = ()
    """Every update of the subject that was let go before, the oldest first, for providers at
    which nothing says what is ours. Nobody promises that any of them arrived."""
    taken: frozenset[str] = frozenset()
    """What the provider calls other subjects of ours."""
    room: RoomMessage | None = None
    """Where the item is about a chat room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A destination as a provider sees it: where, and which options; no secret."""

    id: str
    base_url: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpCall:
    """A request to make. ``body`` is sent byte for byte.

    ``is_replayable``: a repeat after an unsure end does no harm, because the provider knows the
    key. ``secret_in_url`` keeps the address out of every log. ``about`` says which of several
    calls for one item this is, in the provider's own words; the reply brings it back.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_replayable: bool = False
    secret_in_url: bool = False
    about: str = ""

    def __repr__(self) -> str:
        """Without address, headers and body, which hold secrets."""
        return f"HttpCall({self.method})"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailCall:
    """A mail to hand to an SMTP server. ``message`` is complete, in wire form."""

    host: str
    port: int
    sender: str
    recipient: str
    message: bytes
    login: str = ""
    password: str = ""
    is_tls_required: bool = True
    is_replayable: bool = True

    def __repr__(self) -> str:
        """Without the password."""
        return f"MailCall({self.host}:{self.port})"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxCall:
    """A look into a mailbox over IMAP; the reply is about ``mailbox``, 200 where it opened.

    ``tls`` is ``tls`` or ``starttls``: a password is not sent in the clear.
    """

    host: str
    port: int
    tls: str
    login: str
    password: str
    folder: str
    is_replayable: bool = True

    def __repr__(self) -> str:
        """Without the password."""
        return f"MailboxCall({self.host}:{self.port})"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeCall:
    """A notice to hand to the Apprise library; the address is the secret."""

    title: str
    text: str
    is_failure: bool
    address: str
    is_replayable: bool = True

    def __repr__(self) -> str:
        """Without the address."""
        return "NoticeCall()"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishCall:
    """Files to put where readers find them, by their paths below ``path``, in this order.

    ``target`` is ``folder``, ``sftp`` or ``git``. ``address`` is the host of an SFTP server, or a
    repository. ``host_key`` is the one public key that an SSH server may have, as ``ssh-keyscan``
    tells it. ``files`` and their ``sequence`` are those of the page that goes to
    ``destination_id``, put in when the call is made.
    """

    target: str
    path: str
    destination_id: str = ""
    address: str = ""
    port: int = 22
    login: str = ""
    host_key: str = ""
    branch: str = ""
    password: str = ""
    private_key: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    sequence: int = 0
    is_replayable: bool = True

    def __repr__(self) -> str:
        """Without secrets and files."""
        return f"PublishCall({self.target})"


Call = HttpCall | MailCall | MailboxCall | NoticeCall | PublishCall


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back. Header names are in lower case. For mail, ``status`` is the SMTP code."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    about: str = ""


@dataclass(frozen=True, slots=True)
class Delivered:
    """The provider took it. ``memo`` is what later items of the same subject want to know.

    ``has_more``: this call was one of several. The item is to be built again at once, with the
    memo of this one; it is through when nothing more is built. ``wait_s`` is how long to wait
    before that.
    """

    memo: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    has_more: bool = False
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Retry:
    """Not taken, perhaps later; ``after_s`` is what the provider asked for, None if nothing.

    ``memo`` is, as in the other ends that are none, what earlier calls for the item brought.
    """

    reason: str
    after_s: float | None = None
    memo: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """Not taken, and never will be as it is. ``disables`` the destination altogether."""

    reason: str
    disables: bool = False
    memo: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unsure:
    """It may have been taken, or not; ``after_s`` as in :class:`Retry`."""

    reason: str
    memo: Mapping[str, str] = field(default_factory=dict)
    after_s: float | None = None


Outcome = Delivered | Retry | Refused | Unsure


class Provider(Protocol):
    """One kind of provider. ``secrets`` are the slots it needs, by name."""

    kind: str
    secrets: tuple[str, ...]
    is_idempotent: bool
    """Whether a repeat under the same key is recognised by the provider itself."""

    def check(self, account: Account) -> None:
        """Refuse options it cannot work with.

        Raises:
            OptionsInvalid: names the option and what is wrong with it.
        """
        ...

    def build(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> Call | None:
        """The call that says this, or the next one that does; None where the provider has no word
        for it, or where the memo shows that all is said.

        Raises:
            OptionsInvalid: the account's options or the address cannot be used.
        """
        ...

    def read(self, item: Item, reply: Reply) -> Outcome:
        """What the provider's answer means."""
        ...


class Reconciles(Protocol):
    """A provider that can be asked whether an item arrived after all."""

    def look(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall | None:
        """The call that asks; None where a repeat of what is to be called next does no harm."""
        ...

    def found(self, item: Item, reply: Reply) -> Mapping[str, str] | Unsure | None:
        """The memo of the item, if it is there; None if it is not; unsure if nobody can tell."""
        ...
