"""Ids: time-ordered for new things, derived where both sides must find the same one."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from services.core.clock import to_microseconds


def new_id(moment: datetime) -> UUID:
    """A UUID version 7: 48 bits of milliseconds, then random bits.

    Source: RFC 9562, section 5.7.
    """
    milliseconds = to_microseconds(moment) // 1000
    value = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def derived_id(*parts: object) -> UUID:
    """The one id that follows from the parts, the same on a desk and in the database.

    MD5 because PostgreSQL has it built in; nothing here is a secret.
    """
    text = "/".join(str(part) for part in parts)
    return UUID(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())
