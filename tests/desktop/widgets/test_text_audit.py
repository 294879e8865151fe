"""Nothing on the sheets is cut off, unnamed, or read as markup."""

import gallery
import gallery_forms
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from desktop.theme.theme import apply_theme
from desktop.widgets.labels import PlainLabel
from desktop.widgets.text_audit import clipped_labels, watch_shortened

SHEETS = [gallery.components, gallery.states, gallery_forms.form]


@pytest.fixture(params=SHEETS, ids=lambda sheet: sheet.__name__)
def sheet(request, qtbot) -> QWidget:
    found = request.param()
    qtbot.addWidget(found)
    found.resize(1440, 900)
    with qtbot.waitExposed(found):
        found.show()
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_text_is_shortened(qapp: QApplication, sheet: QWidget, theme: str) -> None:
    apply_theme(qapp, theme)
    with watch_shortened() as found:
        sheet.grab()
    assert [one.text for one in found] == []
    assert clipped_labels(sheet) == []


@pytest.mark.parametrize("management", [False, True])
def test_no_text_of_the_dialog_is_shortened(qtbot, window: QWidget, management: bool) -> None:
    gallery_forms.escalate(window, management=management).open()
    with watch_shortened() as found:
        window.grab()
    assert [one.text for one in found] == []
    assert clipped_labels(window) == []


def test_everything_one_can_act_on_has_a_name(sheet: QWidget) -> None:
    kinds = (QAbstractButton, QLineEdit)
    unnamed = [
        type(widget).__name__
        for kind in kinds
        for widget in sheet.findChildren(kind)
        if not widget.accessibleName()
    ]
    assert unnamed == []


def test_every_label_is_plain(sheet: QWidget) -> None:
    found = [label.text() for label in sheet.findChildren(QLabel)
             if label.textFormat() != Qt.TextFormat.PlainText]  # fmt: skip
    assert found == []


def test_the_audit_sees_a_shortened_and_a_clipped_text(qtbot, window: QWidget) -> None:
    shown = PlainLabel("A summary that is far too long for its room", elide=True, parent=window)
    shown.setGeometry(0, 0, 80, 20)
    cut = PlainLabel("A name that is cut", parent=window)
    cut.setGeometry(0, 30, 40, 20)
    shown.show()
    cut.show()
    with watch_shortened() as found:
        window.grab()
    assert [one.text for one in found] == [shown.text()]
    assert clipped_labels(window) == ["A name that is cut"]
    assert shown.toolTip() == shown.text()


def test_markup_is_shown_as_written(qtbot) -> None:
    label = PlainLabel("<img src='http://127.0.0.1/x'>hello")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.sizeHint().width() > PlainLabel("hello").sizeHint().width() * 2
