"""Facts that stop an act. Everything else that goes wrong is a bug."""

from typing import ClassVar


class AppError(Exception):
    """A fact that a person can act on.

    ``code`` names the text in ``resources/i18n``: what happened, what is safe, what to do.
    Context values are shown to the person, so they never hold secrets.
    """

    code: ClassVar[str]
    retryable: ClassVar[bool] = False

    def __init__(self, **context: object) -> None:
        super().__init__(self.code, context)
        self.context = context


class InvalidText(AppError):
    """A text breaks a limit that the shared database would refuse too."""

    code = "invalid-text"


class FieldMissing(AppError):
    """The act needs something that was not given."""

    code = "field-missing"


class RecordMissing(AppError):
    """The record is not in this cache, perhaps because it was removed."""

    code = "record-missing"


class RecordUnreadable(AppError):
    """A record holds a value that this program does not know; a newer one wrote it."""

    code = "record-unreadable"


class RoleMissing(AppError):
    """The person acting does not hold a role that allows this."""

    code = "role-missing"


class DatabaseUnreadable(AppError):
    """A database file cannot be opened or is damaged."""

    code = "database-unreadable"


class DatabaseDamaged(DatabaseUnreadable):
    """The content of a database file is not what was written, or its key is another."""


class DiskFull(AppError):
    """The disk has no room to save the act."""

    code = "disk-full"
    retryable = True


class DiskNearlyFull(AppError):
    """The room kept back was given up to save an act; the next one may not be saved."""

    code = "disk-nearly-full"


class DiskFailing(AppError):
    """The disk did not write or read what it was asked to."""

    code = "disk-failing"
    retryable = True


class KeyMissing(AppError):
    """A local file is encrypted and no key was given; no plain file takes its place."""

    code = "key-missing"


class KeyOutOfReach(AppError):
    """The keyring did not give the key of the local files, or could not keep a new one."""

    code = "key-out-of-reach"


class KeyNotKept(AppError):
    """The keyring took the key of the local files and did not have it a moment later."""

    code = "key-not-kept"
