"""The sign-in screen: what is typed is checked at its field, and nothing of it is lost."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from desktop.theme.theme import apply_theme
from desktop.views.sign_in.form import FIELD_OF_FAULT, SignInForm
from desktop.views.sign_in.profile_rows import ProfileRow
from desktop.views.sign_in.screen import SignInScreen
from desktop.widgets.text_audit import clipped_labels, watch_shortened
from services.core.messages import message_of
from services.core.profiles import ConnectionSettings, ProfileEntry, Tls
from services.core.secrets import Secret
from services.core.server_address import Host
from services.sync import connection_faults as faults

SETTINGS = ConnectionSettings((Host("db.test", 5433),), "firstline", "maya")
ENTRY = ProfileEntry("a", "Northwind desk", SETTINGS, person_id="p")
ROWS = [
    ProfileRow("embedded", "On this computer", "One desk, no server", "asset", "Open"),
    ProfileRow("a", "Northwind desk", "maya · db.test:5433", "team"),
]


@pytest.fixture
def screen(qtbot):
    screen = SignInScreen()
    screen.resize(1440, 830)
    qtbot.addWidget(screen)
    with qtbot.waitActive(screen):
        screen.show()
        screen.activateWindow()
    screen.show_profiles(ROWS, "")
    screen.show_new_team()
    return screen


@pytest.fixture
def submitted(screen) -> list[SignInForm | None]:
    found: list[SignInForm | None] = []
    screen.submitted.connect(found.append)
    return found


def type_in(screen: SignInScreen, **texts: str) -> None:
    for name, text in texts.items():
        QTest.keyClicks(screen.form.edits[name], text)


def errors(screen: SignInScreen) -> dict[str, str]:
    return {name: field.error for name, field in screen.form.fields.items() if field.error}


def test_the_whole_form_with_keys_alone(screen, submitted):
    assert QApplication.focusWidget() is screen.form.server
    for text in ("db.test:5433", "maya", "geheim"):
        QTest.keyClicks(QApplication.focusWidget(), text)
        if text != "geheim":
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert submitted == [
        SignInForm("", "db.test:5433", SETTINGS, Secret("geheim"), True, 90, False)
    ]
    assert "geheim" not in repr(submitted)


def test_an_empty_form_points_at_every_field_and_goes_to_the_first(screen, submitted):
    QTest.keyClick(screen.form.password, Qt.Key.Key_Return)
    assert submitted == []
    assert set(errors(screen)) == {"server", "user", "password"}
    assert QApplication.focusWidget() is screen.form.server


@pytest.mark.parametrize(
    ("server", "words"),
    [("db team", "spaces"), ("db.test:70000", "no port"), ("https://db.test", "https://")],
)
def test_an_address_that_is_none_is_said_at_its_field(screen, submitted, server, words):
    type_in(screen, server=server, user="maya", password="geheim")
    QTest.keyClick(screen.form.password, Qt.Key.Key_Return)
    assert submitted == []
    assert words in errors(screen)["server"]
    assert screen.form.server.text() == server
    assert screen.form.password.text() == "geheim"


def test_a_user_longer_than_the_server_keeps_is_refused(screen, submitted):
    type_in(screen, server="db.test", password="x")
    screen.form.user.setText("é" * 32)
    QTest.keyClick(screen.form.password, Qt.Key.Key_Return)
    assert "63 bytes" in errors(screen)["user"]
    screen.form.user.setText("é" * 31)
    QTest.keyClick(screen.form.password, Qt.Key.Key_Return)
    assert len(submitted) == 1


def test_a_pasted_url_is_spread_over_its_fields(screen):
    QApplication.clipboard().setText("postgresql://priya@db.test:5433/helpdesk")
    screen.form.server.paste()
    form = screen.form
    assert form.server.text() == "db.test:5433"
    assert form.user.text() == "priya"
    assert form.advanced.database.text() == "helpdesk"
    assert errors(screen) == {}
    QApplication.clipboard().clear()


def test_a_pasted_url_with_a_password_leaves_it_out_and_says_why(screen):
    QApplication.clipboard().setText("postgresql://priya:hunter2@db.test/helpdesk")
    screen.form.server.paste()
    assert "holds a password" in errors(screen)["server"]
    assert (screen.form.server.text(), screen.form.user.text()) == ("db.test", "priya")
    shown = [field.text() for field in screen.findChildren(QLineEdit)]
    assert not any("hunter2" in text for text in shown)
    QApplication.clipboard().clear()


def test_only_a_server_on_this_computer_may_do_without_tls(screen, submitted):
    keys = lambda: [c.key for c in screen.form.advanced.tls._choices]  # noqa: E731
    type_in(screen, server="127.0.0.1")
    assert keys() == [tls.value for tls in Tls]
    screen.form.advanced.tls.set_current(Tls.NONE.value)
    screen.form.server.setText("db.test")
    assert keys() == [Tls.FULL.value, Tls.REQUIRE.value]
    assert screen.form.advanced.chosen_tls is Tls.FULL


def test_a_certificate_file_that_is_not_there_is_said_before_connecting(screen, submitted):
    type_in(screen, server="db.test", user="maya", password="x")
    screen.form.advanced.root_certificate.setText("/nowhere/root.crt")
    QTest.keyClick(screen.form.password, Qt.Key.Key_Return)
    assert submitted == []
    assert "no such file" in errors(screen)["certificate"]
    assert screen.form.advanced.isVisible()


def test_a_kept_password_need_not_be_typed_for_the_same_server(screen, submitted):
    screen.show_team(ENTRY, "Sign in", "", "Sign in", is_password_kept=True)
    QTest.keyClick(screen.form.password, Qt.Key.Key_Return)
    assert [form.password for form in submitted] == [Secret("")]
    screen.form.user.setText("priya")
    QTest.keyClick(screen.form.password, Qt.Key.Key_Return)
    assert len(submitted) == 1
    assert set(errors(screen)) == {"password"}


def test_the_password_is_dots_until_it_is_shown(screen):
    field = screen.form.password
    type_in(screen, password="geheim")
    assert field.displayText() != "geheim"
    field.show_button.click()
    assert field.displayText() == "geheim"
    assert field.show_button.accessibleName() == "Hide the password"
    screen.show_new_team()
    assert not field.is_shown
    assert field.text() == ""


def test_while_connecting_only_cancel_acts_and_what_was_typed_stays(screen, submitted):
    cancelled = []
    screen.cancelled.connect(lambda: cancelled.append(True))
    type_in(screen, server="db.test", user="maya", password="geheim")
    screen.show_busy("Connecting to db.test…")
    assert QApplication.focusWidget() is screen.cancel
    screen.form.password.returnPressed.emit()
    assert submitted == []
    QTest.keyClick(screen.cancel, Qt.Key.Key_Escape)
    assert cancelled == [True]
    screen.show_ready()
    assert screen.form.password.text() == "geheim"
    assert screen.form.isEnabled()


def test_enter_on_a_button_is_that_buttons(screen, submitted):
    left = []
    screen.left.connect(lambda: left.append(True))
    screen.set_can_leave(True)
    screen.back.setFocus()
    QTest.keyClick(screen.back, Qt.Key.Key_Return)
    assert (left, submitted) == ([True], [])


def test_escape_leaves_only_where_there_is_a_way_back(screen):
    left = []
    screen.left.connect(lambda: left.append(True))
    QTest.keyClick(screen.form.user, Qt.Key.Key_Escape)
    assert left == []
    screen.set_can_leave(True)
    QTest.keyClick(screen.form.user, Qt.Key.Key_Escape)
    assert left == [True]


FAULTS = [
    kind(server="db.test", user="maya", database="firstline", file="/root.crt", problem="x")
    for kind in (
        faults.SignInRefused, faults.PasswordRefused, faults.PasswordNeeded, faults.LoginDisabled,
        faults.PersonUnknown, faults.NotAdmitted, faults.ServerNotFound, faults.ServerNotListening,
        faults.ServerSilent, faults.ServerStarting, faults.NoPrimary, faults.TooManyConnections,
        faults.CertificateNotTrusted, faults.CertificateOfAnother,
        faults.RootCertificateUnreadable, faults.TlsNotOffered, faults.NotBound,
        faults.DatabaseMissing, faults.FirstlineMissing,
    )
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.code)
def test_each_fault_is_said_once_and_in_sight(screen, fault):
    screen.show_fault(fault)
    told = message_of(fault)
    places = [*errors(screen).values(), screen.message]
    assert any(told.happened in place and told.next in place for place in places)
    if name := FIELD_OF_FAULT.get(fault.code):
        assert QApplication.focusWidget() is screen.form.edits[name]


def test_no_two_faults_say_the_same():
    assert len({message_of(fault).happened for fault in FAULTS}) == len(FAULTS)


def test_the_rows_tell_of_moves_by_keys(screen):
    chosen = []
    screen.profile_chosen.connect(chosen.append)
    screen.show_profiles(ROWS, "embedded")
    QTest.keyClick(screen.rows, Qt.Key.Key_Down)
    assert chosen == ["a"]
    assert ROWS[0].spoken == "On this computer, One desk, no server, Open"


def test_everything_has_a_name(screen):
    screen.more.click()
    fields = [w for w in screen.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    nameless = [
        w for w in fields
        if w.isVisible() and not w.accessibleName() and isinstance(w, QAbstractButton | QLineEdit)
    ]  # fmt: skip
    assert nameless == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [916, 1440])
def test_no_text_is_shortened(screen, theme, width):
    apply_theme(QApplication.instance(), theme)
    screen.resize(width, 700)
    screen.more.click()
    screen.form.server.setText("127.0.0.1")
    with watch_shortened() as shortened:
        screen.grab()
    assert shortened == []
    assert clipped_labels(screen) == []


def test_a_team_shows_what_is_kept_of_it(screen, submitted):
    entry = replace(ENTRY, closed_days=None, keeps_password=False)
    screen.show_team(entry, "Sign in", "", "Sign in")
    type_in(screen, password="geheim")
    QTest.keyClick(screen.form.password, Qt.Key.Key_Return)
    (form,) = submitted
    assert form == SignInForm("a", ENTRY.name, SETTINGS, Secret("geheim"), False, None, False)
