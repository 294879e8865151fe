"""Facts that stop an import, or one event of it."""

from services.core.errors import AppError


class LogUnreadable(AppError):
    """The file cannot be opened."""

    code = "import-unreadable"


class LogIsNoText(AppError):
    """The file is neither a zip archive nor a text."""

    code = "import-no-text"


class LogEncodingUnknown(AppError):
    """The text is not UTF-8."""

    code = "import-encoding"


class ArchiveDamaged(AppError):
    """The zip archive is cut off, damaged, locked, or packed in an unknown way."""

    code = "import-archive-damaged"


class ArchiveAmbiguous(AppError):
    """The zip archive does not hold exactly one CSV file."""

    code = "import-archive-members"


class LogTooLarge(AppError):
    """The file is larger than any log this program takes at once."""

    code = "import-too-large"


class LineTooLong(AppError):
    """A line is longer than any event can be."""

    code = "import-line-too-long"


class LogEmpty(AppError):
    """There is no event in the file."""

    code = "import-empty"


class ColumnsUnknown(AppError):
    """The columns are not those of the event log."""

    code = "import-columns"


class RowBroken(AppError):
    """A row does not have as many values as there are columns."""

    code = "import-row-broken"


class LogCutOff(AppError):
    """The file ends in the middle of a row."""

    code = "import-cut-off"


class ValueUnknown(AppError):
    """A value of one event has no meaning here."""

    code = "import-value-unknown"


class ImportedElsewhere(AppError):
    """Another file brought this incident before."""

    code = "import-imported-before"


class EarlierEventRefused(AppError):
    """The shared database refused an earlier event of this incident."""

    code = "import-earlier-refused"


class MayNotImport(AppError):
    """The person who runs the import is unknown or no administrator."""

    code = "import-not-administrator"


class ReportUnwritable(AppError):
    """The file for the report cannot be written."""

    code = "import-report-unwritable"
