"""What this program is, and whose work it stands on."""

from PySide6.QtWidgets import QWidget

from desktop.widgets.dialog import DialogFrame
from desktop.widgets.labels import PlainLabel

NOTICES = (
    ("Qt, PySide6 and psycopg", "LGPL-3.0, linked dynamically and replaceable"),
    ("SQLAlchemy, alembic, keyring, jeepney, platformdirs, fontTools", "MIT"),
    ("OpenSSL, cryptography, requests", "Apache-2.0"),
    ("SQLCipher, SecretStorage, reportlab", "BSD-3-Clause"),
    ("sqlcipher3", "Zlib"),
    ("libpq", "PostgreSQL License"),
    ("pypdfium2 and PDFium", "Apache-2.0 or BSD-3-Clause"),
    ("Lucide icons", "ISC, parts MIT (Feather)"),
    ("Inter, JetBrains Mono", "SIL Open Font License 1.1"),
)


class AboutDialog(DialogFrame):
    """Name, version, licence and notices."""

    def __init__(self, host: QWidget, version: str) -> None:
        super().__init__(
            host, self.tr("About Firstline"), primary=self.tr("Close"), size=(520, 500)
        )
        self.cancel_button.hide()
        self.accepted.connect(self.close_dialog)
        lead = self.tr("The incident desk that keeps working when everything else is down.")
        self.body.addWidget(PlainLabel(lead, "body.medium", wrap=True))
        number = self.tr("Version %1, Apache-2.0").replace("%1", version)
        self.body.addWidget(PlainLabel(number, "meta", "fg.muted"))
        self.body.addSpacing(8)
        self.body.addWidget(PlainLabel(self.tr("WITH THANKS TO"), "overline", "fg.subtle"))
        for name, licence in NOTICES:
            self.body.addWidget(PlainLabel(f"{name}: {licence}", "meta", wrap=True))
        self.body.addStretch(1)
