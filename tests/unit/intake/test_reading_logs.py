"""A log is read whole or refused with a fact; nothing in between."""

import zipfile

import pytest
from unit.intake.log_examples import COLUMNS, csv_text, values, write_log

from services.intake import log_file
from services.intake.errors import (
    ArchiveAmbiguous,
    ArchiveDamaged,
    ColumnsUnknown,
    LineTooLong,
    LogCutOff,
    LogEmpty,
    LogEncodingUnknown,
    LogIsNoText,
    LogTooLarge,
    LogUnreadable,
    RowBroken,
)
from services.intake.servicenow_log import read_log

TEXT = csv_text(values(), values(incident_state="Resolved"))


def zipped(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("_", "."), text)
    return path


def test_a_csv_and_its_zip_are_the_same_log(tmp_path):
    plain = read_log(write_log(tmp_path / "log.csv"))
    packed = read_log(zipped(tmp_path / "log.zip", log_csv=(tmp_path / "log.csv").read_text()))
    assert plain == packed
    assert plain.event_count == 3
    assert [event.row for event in plain.events()] == [2, 3, 4]


def test_events_are_kept_by_incident_in_the_order_of_the_file(tmp_path):
    rows = [values(number=number) for number in ("INC2", "INC1", "INC2")]
    log = read_log(write_log(tmp_path / "log.csv", *rows))
    assert [(i.number, [e.row for e in i.events]) for i in log.incidents] == [
        ("INC2", [2, 4]),
        ("INC1", [3]),
    ]


def test_columns_may_come_in_another_order(tmp_path):
    rows = (tuple(reversed(row)) for row in (COLUMNS, values()))
    (tmp_path / "log.csv").write_text("\n".join(map(",".join, rows)))
    event = next(read_log(tmp_path / "log.csv").events())
    assert event.values == values()


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.rstrip("\n").encode(),
        TEXT.encode() + b"\n\n",
        TEXT.replace("Phone", '"Phone"').encode(),
    ],
    ids=["byte order mark", "windows line ends", "no last line end", "empty lines", "quotes"],
)
def test_forms_a_good_log_comes_in(tmp_path, content):
    (tmp_path / "log.csv").write_bytes(content)
    log = read_log(tmp_path / "log.csv")
    assert [event.values for event in log.events()] == [
        values(),
        values(incident_state="Resolved"),
    ]


@pytest.mark.parametrize(
    ("content", "fact"),
    [
        (b"", LogEmpty),
        (b"\n", LogEmpty),
        (TEXT.splitlines()[0].encode() + b"\n", LogEmpty),
        (b"number,state\nINC1,New\n", ColumnsUnknown),
        (TEXT.replace("vendor", "supplier", 1).encode(), ColumnsUnknown),
        (TEXT.replace("vendor", "rfc", 1).encode(), ColumnsUnknown),
        (TEXT.replace(",Phone", "", 1).encode(), RowBroken),
        (TEXT.replace(",Phone", ",Phone,more", 1).encode(), RowBroken),
        (TEXT.replace("Phone", '"Phone"x', 1).encode(), RowBroken),
        (TEXT[:-40].encode(), LogCutOff),
        (TEXT[:-2].encode(), LogCutOff),
        (TEXT[:-6].encode(), LogCutOff),
        (TEXT.encode("utf-16"), LogEncodingUnknown),
        (TEXT.encode("utf-16-le"), LogEncodingUnknown),
        (TEXT.encode("utf-16-be"), LogEncodingUnknown),
        (TEXT.encode("utf-32"), LogEncodingUnknown),
        (TEXT.replace("Location 143", "Zürich").encode("latin-1"), LogEncodingUnknown),
        (TEXT.encode() + b"\xc3", LogEncodingUnknown),
        (TEXT.encode() + b"\0\0", LogIsNoText),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 64, LogIsNoText),
        (b"\x89PNG\r\n\x1a\n", LogEncodingUnknown),
        (b"x" * 70_000, LineTooLong),
        (TEXT.encode() + b"y" * 3_000_000, LineTooLong),
        (TEXT.replace("\n", "\r").encode(), RowBroken),
        (TEXT.encode() + b'"' + b"a,b\n" * 50_000, RowBroken),
    ],
)
def test_a_broken_file_is_a_fact(tmp_path, content, fact):
    (tmp_path / "log.csv").write_bytes(content)
    with pytest.raises(fact):
        read_log(tmp_path / "log.csv")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(LogUnreadable):
        read_log(tmp_path / "log.csv")
    with pytest.raises(LogUnreadable):
        read_log(tmp_path)


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"a_csv": TEXT, "b_csv": TEXT},
        {"a_txt": TEXT},
        {"a_csv": TEXT, "readme_md": "x"},
    ],
)
def test_an_archive_holds_one_csv_file(tmp_path, members):
    with pytest.raises(ArchiveAmbiguous):
        read_log(zipped(tmp_path / "log.zip", **members))


def test_what_a_mac_adds_to_an_archive_does_not_count(tmp_path):
    path = zipped(tmp_path / "log.zip", log_csv=TEXT)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/._log.csv", "x")
        archive.writestr("folder/", "")
    assert read_log(path).event_count == 2


def test_a_cut_archive(tmp_path):
    path = zipped(tmp_path / "log.zip", log_csv=TEXT)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(ArchiveDamaged):
        read_log(path)


def test_a_damaged_archive(tmp_path):
    path = zipped(tmp_path / "log.zip", log_csv=csv_text(*[values()] * 500))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(ArchiveDamaged):
        read_log(path)


def test_an_archive_that_unpacks_to_more_than_it_says(tmp_path, monkeypatch):
    path = zipped(tmp_path / "log.zip", log_csv=TEXT + "x,y\n" * 500_000)
    assert path.stat().st_size < 20_000
    monkeypatch.setattr(log_file, "LARGEST_LOG", 100_000)
    with pytest.raises(LogTooLarge):
        read_log(path)


def test_a_plain_file_without_end_is_bounded_too(tmp_path, monkeypatch):
    path = write_log(tmp_path / "log.csv", *[values()] * 10_000)
    monkeypatch.setattr(log_file, "LARGEST_LOG", 2_000_000)
    with pytest.raises(LogTooLarge):
        read_log(path)


def test_an_endless_line_is_refused_before_it_is_read_whole(tmp_path):
    path = tmp_path / "log.csv"
    path.write_bytes(b"z" * 40_000_000)
    with log_file.open_log(path) as text, pytest.raises(LineTooLong):
        list(text.lines())
    assert text._size_bytes <= 2 * log_file.CHUNK
