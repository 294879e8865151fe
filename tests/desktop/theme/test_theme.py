"""Fonts, icons and the switch between themes."""

import subprocess
import sys

import pytest
from PySide6.QtGui import QFontInfo, QImage, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from desktop.theme.fonts import ROLES
from desktop.theme.theme import apply_theme, current_theme
from desktop.widgets.labels import PlainLabel


@pytest.fixture(autouse=True)
def light(qapp: QApplication):
    apply_theme(qapp, "light")
    yield
    apply_theme(qapp, "light")


def colors_in(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_role_is_set_in_the_bundled_family(role: str) -> None:
    font = current_theme().font(role)
    assert QFontInfo(font).family() == ROLES[role].family
    assert QFontInfo(font).pixelSize() == ROLES[role].size_px


def test_weights_are_really_drawn() -> None:
    theme = current_theme()
    widths = [theme.metrics(r).horizontalAdvance("Remote access") for r in
              ("body", "body.medium", "body.strong")]  # fmt: skip
    assert widths == sorted(widths)
    assert widths[0] < widths[2]


def test_tabular_figures_have_one_width_and_plain_hyphens_stay_narrow() -> None:
    theme = current_theme()
    tabular = theme.metrics("body.tabular")
    assert tabular.horizontalAdvance("1111") == tabular.horizontalAdvance("0000")
    assert theme.metrics("body").horizontalAdvance("-") < tabular.horizontalAdvance("-")


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_icons_are_drawn_at_the_ratio_of_the_screen(ratio: float) -> None:
    pixmap = current_theme().pixmap("search", "fg.muted", 16, ratio)
    assert pixmap.width() == round(16 * ratio)
    assert pixmap.devicePixelRatio() == ratio


def test_icons_take_the_colour_of_their_token() -> None:
    theme = current_theme()
    image = theme.pixmap("hold", "danger.fg", 48).toImage()
    assert theme.color("danger.fg").name() in colors_in(image)


def test_switching_recolours_what_is_open(qapp: QApplication, qtbot) -> None:
    label = PlainLabel("Remote access", "body", "fg.muted")
    qtbot.addWidget(label)
    label.show()
    before = label.palette().color(QPalette.ColorRole.WindowText).name()
    apply_theme(qapp, "dark")
    after = label.palette().color(QPalette.ColorRole.WindowText).name()
    assert (before, after) == ("#47505c", "#b4bcc6")
    assert current_theme().is_dark


def test_switching_back_brings_the_same_picture(qapp: QApplication, qtbot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    label = PlainLabel("INC-20431", "mono", "fg.muted", parent=holder)
    holder.resize(160, 40)
    holder.show()
    first = holder.grab().toImage()
    apply_theme(qapp, "dark")
    other = holder.grab().toImage()
    apply_theme(qapp, "light")
    assert holder.grab().toImage() == first
    assert other != first
    assert label.text() == "INC-20431"


def test_loading_the_look_loads_nothing_heavy() -> None:
    code = (
        "import sys, desktop.theme.theme, desktop.widgets.dialog, desktop.widgets.picker;"
        "print([m for m in ('sqlalchemy','reportlab','requests','lucide','xml.etree','fontpkg')"
        " if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
