"""The sound of a page: two rising tones, made here, played by whatever the system has for it."""

import array
import math
import sys
import wave
from pathlib import Path
from typing import Final

from PySide6.QtCore import QProcess, QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

if sys.platform == "win32":
    import winsound

RATE: Final = 22_050
"""Samples a second."""

TONES: Final = ((880.0, 0.18), (0.0, 0.06), (1_174.7, 0.18), (0.0, 0.06), (1_396.9, 0.30))
"""Hertz and seconds, one after the other; 0 is silence."""

_LOUDNESS: Final = 0.55
_EDGE_S: Final = 0.012
PLAYERS: Final = (
    ("afplay",), ("pw-play",), ("paplay",), ("aplay", "-q"), ("canberra-gtk-play", "-f"),
)  # fmt: skip
SILENT_PLATFORMS: Final = frozenset({"offscreen", "minimal"})


def page_wave() -> bytes:
    """The sound as 16-bit samples; each tone swells and fades, so that nothing clicks."""
    samples = array.array("h")
    for hertz, seconds in TONES:
        count = round(RATE * seconds)
        for at in range(count):
            edge = min(at, count - at) / (RATE * _EDGE_S)
            value = math.sin(2 * math.pi * hertz * at / RATE) * min(1.0, edge) * _LOUDNESS
            samples.append(round(value * 32_767))
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()


class PageSound:
    """Plays without waiting; where no player is found the system's own bell is rung."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "page.wav"

    def play(self) -> None:
        """Play it once; nothing is heard where there is no screen either."""
        if QGuiApplication.platformName() in SILENT_PLATFORMS:
            return
        self.make()
        if sys.platform == "win32":
            winsound.PlaySound(str(self._file), winsound.SND_FILENAME | winsound.SND_ASYNC)
        elif not self._started():
            QApplication.beep()

    def _started(self) -> bool:
        for program, *options in PLAYERS:
            found = QStandardPaths.findExecutable(program)
            if found and QProcess.startDetached(found, [*options, str(self._file)])[0]:
                return True
        return False

    def make(self) -> Path:
        """The sound in a file of its own, written once."""
        if not self._file.exists():
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with wave.open(str(self._file), "wb") as out:
                out.setnchannels(1)
                out.setsampwidth(2)
                out.setframerate(RATE)
                out.writeframes(page_wave())
        return self._file
