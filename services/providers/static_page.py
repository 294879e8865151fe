"""The status page of our own: files that are put into a folder, on an SFTP server, or into git.

What the page tells is not in the item: whoever publishes reads it at that moment, so that the
newest state goes out however long a delivery has waited.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import SplitResult, urlsplit

from services.providers.errors import OptionsInvalid
from services.providers.provider import (
    Account,
    Delivered,
    Item,
    Outcome,
    PublishCall,
    Reply,
    Unsure,
)

TARGETS = ("folder", "sftp", "git")
BRANCH = "main"
_BRANCH = re.compile(r"(?!.*(\.\.|//|@\{|\.lock$))[A-Za-z0-9_][A-Za-z0-9_./-]{0,99}(?<![./])")
_LOGIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}")
_HOST = re.compile(r"[A-Za-z0-9_.:-]{1,253}")
_HOST_KEY = re.compile(r"(ssh|ecdsa)-[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,3}")
_SCHEMES = ("https", "http", "ssh", "file")


class StaticPage:
    """One place for one status page.

    Options: ``target``, ``path``; for SFTP ``host_key``, and the address is
    ``sftp://login@host:22``; for git ``branch`` (``main``) and, over HTTPS, ``login``, and the
    address is the repository's. The secret ``password`` is that of the login or a token,
    ``private_key`` a key of OpenSSH, on one line with ``\\n`` between its lines.
    """

    kind = "static_page"
    secrets: tuple[str, ...] = ("password", "private_key")
    is_idempotent = True

    def check(self, account: Account) -> None:
        """Refuse a place that is none.

        Raises:
            OptionsInvalid: names the option.
        """
        _call(account)

    def build(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> PublishCall | None:
        """A publication without its files, which are read when it is made; a test is one too."""
        if item.update is None and item.reference:
            return None  # a page of an incident calls nobody here
        key = secrets.get("private_key", "").replace("\\n", "\n")
        call = _call(account, secrets.get("password", ""), key)
        return replace(call, destination_id=account.id)

    def read(self, item: Item, reply: Reply) -> Outcome:
        """Published, once readers get what was put there."""
        reason = reply.body.decode(errors="replace")
        return Delivered(reason=reason) if reply.status == 200 else Unsure(reason)


def _call(account: Account, password: str = "", private_key: str = "") -> PublishCall:
    target = account.options.get("target", "")
    path = account.options.get("path", "")
    if target == "folder":
        return PublishCall(target=target, path=_folder(path))
    if target == "sftp":
        return _sftp(account, password, private_key)
    if target == "git":
        return _git(account, password, private_key)
    raise OptionsInvalid(option="target", problem="it is neither folder, sftp nor git")


def _folder(path: str) -> str:
    if not (PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()):
        raise OptionsInvalid(option="path", problem="it is not the whole path of a folder")
    if _climbs(path) or len(PurePosixPath(path.replace("\\", "/")).parts) < 2:
        raise OptionsInvalid(option="path", problem="it is no folder of its own")
    return path


def _climbs(path: str) -> bool:
    return ".." in re.split(r"[/\\]", path) or not path.isprintable()


def _sftp(account: Account, password: str, private_key: str) -> PublishCall:
    place = _split(account.base_url)
    host = place.hostname or ""
    if place.scheme != "sftp" or not _HOST.fullmatch(host) or place.path.strip("/"):
        raise OptionsInvalid(option="address", problem="it is not like sftp://login@host:22")
    login = place.username or ""
    if place.password is not None or not _LOGIN.fullmatch(login):
        raise OptionsInvalid(option="address", problem="it names no login, or more than one")
    path = account.options.get("path", "")
    if not path or _climbs(path):
        raise OptionsInvalid(option="path", problem="it is not a folder on the server")
    return PublishCall(
        target="sftp",
        path=path,
        address=host,
        port=_port(place) or 22,
        login=login,
        host_key=_host_key(account),
        password=password,
        private_key=private_key,
    )


def _git(account: Account, password: str, private_key: str) -> PublishCall:
    address = account.base_url
    place = _split(address)
    if place.scheme not in _SCHEMES or not address.isascii() or "?" in address or "#" in address:
        raise OptionsInvalid(option="address", problem="it is no https, ssh or file address")
    is_ssh = place.scheme == "ssh"
    if (place.scheme != "file" and not _HOST.fullmatch(place.hostname or "")) or (
        place.password is not None or (place.username and not is_ssh)
    ):
        raise OptionsInvalid(option="address", problem="it is not a plain address of a repository")
    path = account.options.get("path", "")
    if path.startswith(("/", "\\", ".git")) or _climbs(path):
        raise OptionsInvalid(option="path", problem="it is not a folder in the repository")
    branch = account.options.get("branch") or BRANCH
    if not _BRANCH.fullmatch(branch):
        raise OptionsInvalid(option="branch", problem="it is not the name of a branch")
    login = account.options.get("login") or place.username or "git"
    if not _LOGIN.fullmatch(login):
        raise OptionsInvalid(option="login", problem="it is none")
    return PublishCall(
        target="git",
        path=path.strip("/"),
        address=address,
        port=_port(place) or {"https": 443, "http": 80}.get(place.scheme, 22),
        login=login,
        host_key=_host_key(account) if is_ssh else "",
        branch=branch,
        password=password,
        private_key=private_key,
    )


def _split(address: str) -> SplitResult:
    try:
        place = urlsplit(address if address.isprintable() and " " not in address else "")
        _ = place.port
    except ValueError:
        raise OptionsInvalid(option="address", problem="it is no address") from None
    return place


def _port(place: SplitResult) -> int | None:
    return place.port


def _host_key(account: Account) -> str:
    """The type and the key itself; what a tool wrote before and behind them is left out."""
    words = account.options.get("host_key", "").split()
    for first, second in pairwise(words):
        if _HOST_KEY.fullmatch(f"{first} {second}"):
            return f"{first} {second}"
    raise OptionsInvalid(option="host_key", problem="it is no public key of a server")
