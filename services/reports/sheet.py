"""A sheet of paper measured in logical pixels from its upper left corner."""

from collections.abc import Sequence

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from services.reports.text import PX, Line, Type, draw_text, text_width

Point = tuple[float, float]


class Sheet:
    """Draws on the present page of a PDF."""

    def __init__(self, canvas: Canvas, width: float, height: float) -> None:
        self.canvas = canvas
        self.width = width
        self.height = height

    def text(self, text: str, type_: Type, x: float, top: float) -> None:
        """One line of clean text in a line box that begins at ``top``."""
        # Inter's capitals are 0.727 high; half of what they leave goes below them.
        baseline = top + type_.line_px / 2 + 0.3635 * type_.size_px
        self.canvas.setFillColor(HexColor(type_.colour))
        draw_text(self.canvas, text, type_, x * PX, (self.height - baseline) * PX)

    def text_right(self, text: str, type_: Type, right: float, top: float) -> None:
        """One line of clean text that ends at ``right``."""
        self.text(text, type_, right - text_width(text, type_), top)

    def line_of(self, line: Line, x: float, top: float) -> None:
        """One wrapped line."""
        for piece in line:
            self.text(piece.text, piece.type, x + piece.x, top)

    def rule(self, x: float, y: float, width: float, colour: str, line_px: float = 1.0) -> None:
        """A level line."""
        self.path([(x, y), (x + width, y)], colour, line_px)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str = "",
        line: str = "",
        radius: float = 0.0,
        line_px: float = 1.0,
    ) -> None:
        """A rectangle; its line lies inside the edge."""
        inset = line_px / 2 if line else 0.0
        self._colours(fill, line, line_px)
        self.canvas.roundRect(
            (x + inset) * PX,
            (self.height - y - height + inset) * PX,
            (width - 2 * inset) * PX,
            (height - 2 * inset) * PX,
            max(0.0, radius - inset) * PX,
            stroke=int(bool(line)),
            fill=int(bool(fill)),
        )

    def circle(
        self,
        middle: Point,
        radius: float,
        *,
        fill: str = "",
        line: str = "",
        line_px: float = 1.0,
        dash: Sequence[float] = (),
    ) -> None:
        """A disc or a ring."""
        self._colours(fill, line, line_px)
        if dash:
            self.canvas.setDash([part * PX for part in dash])
        self.canvas.circle(
            middle[0] * PX,
            (self.height - middle[1]) * PX,
            radius * PX,
            stroke=int(bool(line)),
            fill=int(bool(fill)),
        )
        if dash:
            self.canvas.setDash()

    def path(
        self, points: Sequence[Point], colour: str, line_px: float, *, is_filled: bool = False
    ) -> None:
        """A line through points, or the surface they enclose."""
        self._colours(colour if is_filled else "", "" if is_filled else colour, line_px)
        path = self.canvas.beginPath()
        for index, (x, y) in enumerate(points):
            (path.lineTo if index else path.moveTo)(x * PX, (self.height - y) * PX)
        if is_filled:
            path.close()
        self.canvas.drawPath(path, stroke=int(not is_filled), fill=int(is_filled))

    def _colours(self, fill: str, line: str, line_px: float) -> None:
        if fill:
            self.canvas.setFillColor(HexColor(fill))
        if line:
            self.canvas.setStrokeColor(HexColor(line))
            self.canvas.setLineWidth(line_px * PX)
