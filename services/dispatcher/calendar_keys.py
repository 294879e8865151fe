"""The secret addresses under which calendars are fetched, made from one key and kept nowhere.

An address holds the id of a roster or a person and a proof of it, made with the key. It is revoked
by another edition of that id, which is kept beside the key, and all are by another key.
"""

import binascii
import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final
from uuid import UUID

from services.core.errors import AppError
from services.dispatcher.secrets import SecretStore

KEY: Final = "calendar"
"""The slot of the key; with a colon and an id behind it, that of the edition of an address."""

SHORTEST_KEY: Final = 32
TOKEN: Final = r"[A-Za-z0-9_-]{64}"
_ID_BYTES: Final = 16


class CalendarKeyMissing(AppError):
    """There is no key, or one that could be guessed."""

    code = "calendar-key-missing"


class CalendarKeys:
    """Makes and knows the tokens of calendars. Any thread may ask."""

    def __init__(self, secrets: SecretStore) -> None:
        self._secrets = secrets

    def token(self, subject_id: UUID, edition: int | None = None) -> str:
        """The token of a roster's or a person's calendar, of this edition or the present one.

        Raises:
            AppError: the secrets cannot be read, or hold no key.
        """
        present = self.edition(subject_id) if edition is None else edition
        return urlsafe_b64encode(subject_id.bytes + self._proof(subject_id, present)).decode()

    def subject(self, token: str) -> UUID | None:
        """Whose calendar a token opens; None where it opens none.

        Raises:
            AppError: the secrets cannot be read, or hold no key.
        """
        try:
            opened = urlsafe_b64decode(token)
            subject_id = UUID(bytes=opened[:_ID_BYTES])
        except (binascii.Error, ValueError):
            return None
        proof = self._proof(subject_id, self.edition(subject_id))
        return subject_id if hmac.compare_digest(proof, opened[_ID_BYTES:]) else None

    def edition(self, subject_id: UUID) -> int:
        """How often the address of a calendar was revoked.

        Raises:
            AppError: the secrets cannot be read.
        """
        found = self._secrets.get(f"{KEY}:{subject_id}")
        text = found.reveal().strip() if found is not None else ""
        return int(text) if text.isdecimal() else 0

    def _proof(self, subject_id: UUID, edition: int) -> bytes:
        found = self._secrets.get(KEY)
        key = found.reveal().strip() if found is not None else ""
        if len(key) < SHORTEST_KEY:
            raise CalendarKeyMissing(name=KEY)
        text = f"{KEY}/{subject_id}/{edition}"
        return hmac.digest(key.encode(), text.encode(), hashlib.sha256)
