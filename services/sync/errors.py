"""Facts about the way between a desk and the shared database."""

from services.core.errors import AppError


class SharedUnreachable(AppError):
    """The shared database does not answer; work goes on here."""

    code = "shared-unreachable"
    retryable = True


class RefusedByShared(AppError):
    """The shared database refused a command that this desk had accepted."""

    code = "refused-by-shared"


class ClientUnknown(AppError):
    """The shared database does not know this copy of the program, or knows another one."""

    code = "client-unknown"


class NumbersUsedUp(AppError):
    """Every reserved incident number is used and no more can be fetched now."""

    code = "numbers-used-up"
    retryable = True


class AlreadyThere(AppError):
    """A record with the same name or number exists already."""

    code = "constraint"


class ProgramTooOld(AppError):
    """The shared database no longer takes commands of this program; they are kept."""

    code = "program-too-old"


class ProgramTooNew(AppError):
    """The shared database has to be upgraded before it takes commands of this program."""

    code = "program-too-new"


class NotSent(AppError):
    """The shared database cannot read what was sent."""

    code = "not-sent"


class Unsendable(AppError):
    """A command cannot be sent; it is kept on this desk."""

    code = "unsendable"


class CommandExpired(AppError):
    """A command with an effect outside came too late and was not carried out."""

    code = "expired"


class CacheDamaged(AppError):
    """A local file turned out damaged; what can be is put right at once."""

    code = "cache-damaged"
    retryable = True


class CacheReplaced(AppError):
    """The local copy could not be used any more and is filled again."""

    code = "cache-replaced"


class JournalLinesDamaged(AppError):
    """Lines of the journal are not what was written; their commands are never run."""

    code = "journal-lines-damaged"


class JournalReplaced(AppError):
    """The journal could not be read; what the cache and its readable lines hold was kept."""

    code = "journal-replaced"


class JournalLost(AppError):
    """Neither journal nor cache could be read; unsent commands may be lost."""

    code = "journal-lost"


class JournalReturned(AppError):
    """A journal that had been set aside could be read again; its commands are back."""

    code = "journal-returned"
