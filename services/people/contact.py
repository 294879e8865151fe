"""How a person is reached, and in which order their page tries it."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import ClassVar
from uuid import UUID


class ContactKind(Enum):
    """By which kind of channel a person is reached."""

    PUSH = "push"
    SMS = "sms"
    VOICE = "voice"
    EMAIL = "email"
    CHAT = "chat"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMethod:
    """One way to reach a person, through one destination. Only a verified one is used for pages.

    ``address`` is what the destination's provider takes: a number in E.164, an e-mail address, a
    topic, a user id. ``code_digest`` is the id derived from this record's id and the code that was
    sent to prove the way; empty when none is open.
    """

    TABLE: ClassVar[str] = "contact_method"

    id: UUID
    version: int = 0
    person_id: UUID
    kind: ContactKind
    destination_id: UUID
    address: str
    name: str = ""
    code_digest: str = ""
    code_sent_at: datetime | None = None
    verified_at: datetime | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationRule:
    """After how long without an answer a page tries this contact method."""

    TABLE: ClassVar[str] = "notification_rule"

    id: UUID
    version: int = 0
    person_id: UUID
    contact_method_id: UUID
    delay_s: int = 0
    is_active: bool = True
