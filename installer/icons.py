"""The application's icon in every form a system asks for, all from one drawing."""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgRenderer

from installer.product import NAME, ROOT

DRAWING: Final = ROOT / "resources" / "icons" / f"{NAME}.svg"
LINUX_SIZES: Final = (16, 22, 24, 32, 48, 64, 128, 256, 512)
WINDOWS_SIZES: Final = (16, 24, 32, 48, 64, 128, 256)
MAC_KINDS: Final[Mapping[bytes, int]] = {
    b"icp4": 16,
    b"icp5": 32,
    b"ic11": 32,
    b"ic12": 64,
    b"ic07": 128,
    b"ic13": 256,
    b"ic08": 256,
    b"ic14": 512,
    b"ic09": 512,
    b"ic10": 1024,
}
"""Kind of each picture in an .icns file and its edge in pixels. Source: Apple Icon Image."""


class DrawingBroken(Exception):
    """Qt cannot read the drawing."""


def png(size_px: int) -> bytes:
    """The icon as a square PNG.

    Raises:
        DrawingBroken: the drawing is missing or damaged.
    """
    renderer = QSvgRenderer(str(DRAWING))
    if not renderer.isValid():
        raise DrawingBroken(str(DRAWING))
    image = QImage(QSize(size_px, size_px), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(image)
    return bytes(buffer.data().data())


def ico() -> bytes:
    """The icon for Windows: PNGs of all sizes in one file."""
    pictures = [(size, png(size)) for size in WINDOWS_SIZES]
    head = struct.pack("<HHH", 0, 1, len(pictures))
    offset = len(head) + 16 * len(pictures)
    entries = b""
    for size, picture in pictures:
        edge = size % 256  # 0 stands for 256
        entries += struct.pack("<BBBBHHII", edge, edge, 0, 0, 1, 32, len(picture), offset)
        offset += len(picture)
    return head + entries + b"".join(picture for _, picture in pictures)


def icns() -> bytes:
    """The icon for macOS: PNGs of all sizes, each with its kind."""
    parts = []
    for kind, size in MAC_KINDS.items():
        picture = png(size)
        parts.append(struct.pack(">4sI", kind, 8 + len(picture)) + picture)
    body = b"".join(parts)
    return struct.pack(">4sI", b"icns", 8 + len(body)) + body


def write_linux_icons(folder: Path) -> None:
    """Write the icon theme ``hicolor``: the drawing and one PNG a size."""
    for size in LINUX_SIZES:
        file = folder / f"{size}x{size}" / "apps" / f"{NAME}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(png(size))
    scalable = folder / "scalable" / "apps" / f"{NAME}.svg"
    scalable.parent.mkdir(parents=True, exist_ok=True)
    scalable.write_bytes(DRAWING.read_bytes())


def write_icons(folder: Path) -> None:
    """Write what the packages of all three systems need."""
    folder.mkdir(parents=True, exist_ok=True)
    write_linux_icons(folder / "hicolor")
    (folder / f"{NAME}.ico").write_bytes(ico())
    (folder / f"{NAME}.icns").write_bytes(icns())
