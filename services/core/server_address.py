"""The address of a shared database as people type and paste it."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from services.core.errors import AppError

DEFAULT_PORT: Final = 5432
_SCHEMES: Final = ("postgresql", "postgres")
_NAME: Final = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_-]+)*\.?")
_LONGEST_NAME: Final = 253


class AddressWrong(AppError):
    """What was typed is not the address of a server; ``problem`` says in what way."""

    code = "address-wrong"


class AddressHoldsPassword(AppError):
    """A pasted address holds a password, which belongs into its own field.

    ``rest`` is what else it says.
    """

    code = "address-holds-password"


@dataclass(frozen=True, slots=True)
class Host:
    """One server of a shared database."""

    name: str
    port: int = DEFAULT_PORT

    @property
    def text(self) -> str:
        """As one types it; the usual port is left out."""
        name = f"[{self.name}]" if ":" in self.name else self.name
        return name if self.port == DEFAULT_PORT else f"{name}:{self.port}"

    @property
    def is_here(self) -> bool:
        """Whether this is the machine the desk runs on, so that nothing crosses a network."""
        try:
            return ipaddress.ip_address(self.name).is_loopback
        except ValueError:
            return self.name == "localhost"


@dataclass(frozen=True, slots=True)
class Address:
    """What an address says: hosts always, user and database where it was a whole URL."""

    hosts: tuple[Host, ...]
    user: str = ""
    database: str = ""


def parse_address(typed: str) -> Address:
    """Take apart ``host``, ``host:port``, several of them with commas, or a pasted URL.

    Raises:
        AddressWrong: it is none of these.
        AddressHoldsPassword: the URL holds a password.
    """
    text = typed.strip()
    if not text:
        raise AddressWrong(problem="it is empty")
    if "://" in text:
        return _url(text)
    return Address(_hosts(text))


def hosts_text(hosts: tuple[Host, ...]) -> str:
    """Hosts as one types them."""
    return ", ".join(host.text for host in hosts)


def _url(text: str) -> Address:
    scheme, _, rest = text.partition("://")
    if scheme.lower() not in _SCHEMES:
        raise AddressWrong(problem=f"it begins with {scheme}://, but a database is asked for")
    try:
        parts = urlsplit(f"//{rest}")
    except ValueError:
        raise AddressWrong(problem="it is no complete address") from None
    person, at, servers = parts.netloc.rpartition("@")
    user, colon, _ = person.partition(":")
    if not servers:
        raise AddressWrong(problem="it names no server")
    address = Address(_hosts(servers), unquote(user), unquote(parts.path.strip("/")))
    if (at and colon) or "password=" in parts.query.lower():
        raise AddressHoldsPassword(rest=address)
    return address


def _hosts(text: str) -> tuple[Host, ...]:
    return tuple(_host(part.strip()) for part in text.split(","))


def _host(text: str) -> Host:
    name, port = _parted(text)
    if not name:
        raise AddressWrong(problem="a server has no name")
    if re.search(r"\s", name):
        raise AddressWrong(problem="a server name cannot hold spaces; part servers with commas")
    if "@" in name:
        raise AddressWrong(problem="it holds an @; the user belongs into the field below")
    if "/" in name:
        raise AddressWrong(problem="it holds a slash; the database belongs into its own field")
    if not _is_host(name):
        raise AddressWrong(problem=f"“{name}” is no name of a server")
    if not port.isascii() or not port.isdigit() or not 0 < int(port[:6]) < 65_536:
        raise AddressWrong(problem=f"“{port}” is no port; a port is a number from 1 to 65535")
    return Host(name, int(port))


def _parted(text: str) -> tuple[str, str]:
    """Name and port of one server; an IPv6 address stands alone or in brackets."""
    if text.startswith("["):
        name, _, port = text[1:].partition("]")
        return name, port[1:] if port.startswith(":") else (port or str(DEFAULT_PORT))
    if text.count(":") > 1:
        return text, str(DEFAULT_PORT)
    name, colon, port = text.partition(":")
    return name.strip(), port.strip() if colon else str(DEFAULT_PORT)


def _is_host(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        is_number = name.replace(".", "").isdigit()
        return not is_number and len(name) <= _LONGEST_NAME and bool(_NAME.fullmatch(name))
    return True
