"""The program's icon beside the clock, for as long as it works without its window."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon, QWidget


class Tray(QObject):
    """Brings the window back when clicked; its menu also quits. It is shown when asked to be."""

    window_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._icon: QSystemTrayIcon | None = None

    @property
    def is_available(self) -> bool:
        """Whether this session has a place for such an icon."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    @property
    def is_shown(self) -> bool:
        """Whether the icon is there."""
        return self._icon is not None and self._icon.isVisible()

    def show(self, title: str, text: str) -> None:
        """Show the icon, and say why it is there."""
        self._icon = self._icon or self._made()
        self._icon.setToolTip(title)
        self._icon.show()
        self._icon.showMessage(title, text, self._icon.icon())

    def hide(self) -> None:
        """Take the icon away."""
        if self._icon is not None:
            self._icon.hide()

    def _made(self) -> QSystemTrayIcon:
        menu = QMenu(self._window)
        menu.addAction(self.tr("Open Firstline"), self.window_wanted.emit)
        menu.addAction(self.tr("Quit Firstline…"), self.quit_wanted.emit)
        icon = QSystemTrayIcon(QApplication.windowIcon(), self)
        icon.setContextMenu(menu)
        icon.activated.connect(self._wake)
        icon.messageClicked.connect(self.window_wanted)
        return icon

    def _wake(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self.window_wanted.emit()
