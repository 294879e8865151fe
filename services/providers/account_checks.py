"""Checks of accounts and names that several providers share."""

import re
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import urlsplit

from services.providers.errors import OptionsInvalid
from services.providers.limits import Limit, link
from services.providers.provider import Account

_TOKEN = re.compile(r"[\x21-\x7e]{1,512}")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9_-]+")
_DIGEST_LENGTH = 16


def base_url(account: Account, usual: str = "") -> str:
    """Where the provider is, without a slash at its end; ``usual`` where the account leaves it out.

    Raises:
        OptionsInvalid: it is no web address, or holds more than a host and a path.
    """
    address = web_address(account.base_url or usual)
    if "?" in address:
        raise OptionsInvalid(option="address", problem="it has a question mark in it")
    return address.rstrip("/")


def web_address(address: str) -> str:
    """The address as it is, if a call can go there.

    Raises:
        OptionsInvalid: it is no web address, or holds a name and password, or a fragment.
    """
    try:
        parts = urlsplit(address if link(address) else "")
        is_usable = parts.hostname and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable or "@" in parts.netloc or "#" in address:
        raise OptionsInvalid(option="address", problem="it is not a plain http or https address")
    return address


def secret_in(secrets: Mapping[str, str], slot: str, shape: re.Pattern[str]) -> str:
    """The secret of a slot, if it looks like one of this provider's; its text is never told.

    Raises:
        OptionsInvalid: it is missing, or is none.
    """
    secret = secrets.get(slot, "").strip()
    if not secret:
        raise OptionsInvalid(option=slot, problem="it is missing")
    if not shape.fullmatch(secret):
        raise OptionsInvalid(option=slot, problem="it is not one of this provider's")
    return secret


def bearer(secrets: Mapping[str, str], slot: str = "token") -> dict[str, str]:
    """The header by which whoever bears a token is let in.

    Raises:
        OptionsInvalid: there is no token, or it is none.
    """
    return {"Authorization": f"Bearer {secret_in(secrets, slot, _TOKEN)}"}


def plain_key(key: str, limit: Limit) -> str:
    """A key of letters, digits, ``-`` and ``_`` alone, the same for the same key.

    A slash becomes a dash; a key that must change in any other way gets a digest, so that two
    keys stay two.
    """
    plain = _NOT_PLAIN.sub("-", key)
    if key and plain == key.replace("/", "-") and len(plain) <= limit.count:
        return plain
    return f"{plain[: limit.count - _DIGEST_LENGTH - 1]}-{_digest(key)}"


def short_key(key: str, limit: Limit) -> str:
    """A key as it is, unless it is too long or a provider would not take its characters."""
    if key.isascii() and key.isprintable() and 0 < len(key) <= limit.count:
        return key
    return plain_key(key, limit)


def _digest(key: str) -> str:
    return sha256(key.encode(errors="surrogatepass")).hexdigest()[:_DIGEST_LENGTH]
