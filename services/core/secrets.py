"""Passwords: shown by nobody, kept by the keyring of the system and nowhere else.

Every call below :class:`Secret` may wait for a person who is asked to unlock the keyring, so none
of them belongs on the GUI thread. The caller decides how long it waits (:class:`KeyringSilent`).
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NoReturn, TypeVar

from services.core.errors import AppError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

KEPT_AS: Final = "Firstline"
TRUSTED: Final = frozenset({
    "keyring.backends.SecretService.Keyring",
    "keyring.backends.libsecret.Keyring",
    "keyring.backends.kwallet.DBusKeyring",
    "keyring.backends.kwallet.DBusKeyringKWallet4",
    "keyring.backends.macOS.Keyring",
    "keyring.backends.Windows.WinVaultKeyring",
})  # fmt: skip
"""What encrypts what it keeps. Whatever else calls itself a keyring may write plain text."""

_NONE_AT_ALL: Final = "keyring.backends.fail.Keyring"


class Secret:
    """A text that shows itself to nobody who does not ask for it by :meth:`reveal`."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one call that needs it."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(•••)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(Secret)  # one made of the text would tell something of it

    def __bool__(self) -> bool:
        return bool(self._text)

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise TypeError("a secret is neither copied nor written")


class KeyringMissing(AppError):
    """This session has no keyring."""

    code = "keyring-missing"


class KeyringNotTrusted(AppError):
    """What is set up as the keyring does not protect what it keeps."""

    code = "keyring-not-trusted"


class KeyringUnattended(AppError):
    """The keyring is locked, and nothing here can ask a person to unlock it."""

    code = "keyring-unattended"


class KeyringDenied(AppError):
    """The keyring is locked, and the person asked did not unlock it."""

    code = "keyring-denied"


class KeyringSilent(AppError):
    """The keyring has not answered in the time the caller gave it."""

    code = "keyring-silent"
    retryable = True


class KeyringBroken(AppError):
    """The keyring failed while it was read."""

    code = "keyring-broken"


class PasswordNotKept(AppError):
    """The keyring did not take the password."""

    code = "password-not-kept"


class PasswordNotForgotten(AppError):
    """The keyring did not give up the password."""

    code = "password-not-forgotten"


class PasswordMemory:
    """Passwords of this session, by account; any thread may ask."""

    def __init__(self) -> None:
        self._known: dict[str, Secret] = {}

    def put(self, account: str, secret: Secret) -> None:
        """Hold a password until the program ends."""
        self._known[account] = secret

    def get(self, account: str) -> Secret | None:
        """The password of an account, where it is known."""
        return self._known.get(account)

    def drop(self, account: str) -> None:
        """Forget a password, known or not."""
        self._known.pop(account, None)


def keep(account: str, secret: Secret) -> None:
    """Have the keyring keep the password of an account, in place of an earlier one.

    Raises:
        PasswordNotKept: the keyring failed.
        AppError: there is no keyring to be trusted, or it stays locked.
    """
    _ask(lambda ring: ring.set_password(KEPT_AS, account, secret.reveal()), PasswordNotKept)


def fetch(account: str) -> Secret | None:
    """The password the keyring keeps for an account; None when it keeps none.

    Raises:
        KeyringBroken: the keyring failed.
        AppError: there is no keyring to be trusted, or it stays locked.
    """
    found = _ask(lambda ring: ring.get_password(KEPT_AS, account), KeyringBroken)
    return None if found is None else Secret(found)


def forget(account: str) -> None:
    """Have the keyring forget the password of an account; one it does not keep is no error.

    Raises:
        PasswordNotForgotten: the keyring failed.
        AppError: there is no keyring to be trusted, or it stays locked.
    """

    def work(ring: "KeyringBackend") -> None:
        if ring.get_password(KEPT_AS, account) is not None:
            ring.delete_password(KEPT_AS, account)

    _ask(work, PasswordNotForgotten)


def _ask(work: "Callable[[KeyringBackend], T]", failure: type[AppError]) -> T:
    import keyring.errors

    ring = _trusted_keyring()
    try:
        return work(ring)
    except keyring.errors.NoKeyringError:
        raise KeyringMissing() from None
    except keyring.errors.InitError:
        raise KeyringUnattended() from None
    except keyring.errors.KeyringLocked:
        raise KeyringDenied() from None
    except Exception as error:
        # What the library of a system raises is its own; its words may quote what it was given.
        raise failure(problem=type(error).__name__) from None


def _trusted_keyring() -> "KeyringBackend":
    """The keyring set up for this session, if it is one that encrypts what it keeps."""
    import keyring

    found = keyring.get_keyring()
    offered: list[KeyringBackend] = list(getattr(found, "backends", ())) or [found]
    for ring in offered:
        if _name(ring) in TRUSTED:
            return ring
    if _name(offered[0]) == _NONE_AT_ALL:
        raise KeyringMissing()
    raise KeyringNotTrusted(keyring=_name(offered[0]))


def _name(ring: object) -> str:
    return f"{type(ring).__module__}.{type(ring).__name__}"
