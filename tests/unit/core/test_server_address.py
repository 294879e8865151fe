"""What people type and paste as the address of a server."""

import pytest

from services.core.server_address import (
    Address,
    AddressHoldsPassword,
    AddressWrong,
    Host,
    hosts_text,
    parse_address,
)


@pytest.mark.parametrize(
    ("typed", "hosts"),
    [
        ("db.team.test", [Host("db.team.test")]),
        ("  db.team.test:6432 ", [Host("db.team.test", 6432)]),
        ("a.test, b.test:5433", [Host("a.test"), Host("b.test", 5433)]),
        ("10.0.0.7", [Host("10.0.0.7")]),
        ("::1", [Host("::1")]),
        ("[fe80::2]:5433", [Host("fe80::2", 5433)]),
        ("[fe80::2]", [Host("fe80::2")]),
        ("db_1", [Host("db_1")]),
    ],
)
def test_hosts_are_taken_apart(typed, hosts):
    assert parse_address(typed) == Address(tuple(hosts))


@pytest.mark.parametrize(
    "hosts", [(Host("a.test"), Host("b.test", 5433)), (Host("fe80::2", 1), Host("::1"))]
)
def test_what_is_shown_can_be_typed(hosts):
    assert parse_address(hosts_text(hosts)).hosts == hosts


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (
            "postgresql://maya@db.test:5433/firstline",
            Address((Host("db.test", 5433),), "maya", "firstline"),
        ),
        ("postgres://db.test", Address((Host("db.test"),))),
        ("POSTGRESQL://db.test/", Address((Host("db.test"),))),
        (
            "postgresql://m%C3%A1ya@a.test,b.test:5433/first%20line?sslmode=require",
            Address((Host("a.test"), Host("b.test", 5433)), "máya", "first line"),
        ),
        ("postgresql://[::1]:5433/x", Address((Host("::1", 5433),), "", "x")),
    ],
)
def test_a_pasted_url_is_taken_apart(typed, address):
    assert parse_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "postgresql://maya:hunter2-canary@db.test/firstline",
        "postgresql://maya:@db.test/firstline",
        "postgres://db.test/firstline?user=maya&password=hunter2-canary",
        "postgresql://:hunter2-canary@db.test",
    ],
)
def test_an_address_with_a_password_is_refused_without_repeating_it(typed):
    with pytest.raises(AddressHoldsPassword) as refused:
        parse_address(typed)
    assert "hunter2" not in repr(refused.value)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("db team", "spaces"),
        ("db.test:", "no port"),
        ("db.test:0", "no port"),
        ("db.test:65536", "no port"),
        ("db.test:99999999999999999999", "no port"),
        ("db.test:५४३२", "no port"),
        ("db.test:54a", "no port"),
        ("db.test,,b.test", "no name"),
        (":5432", "no name"),
        ("https://db.test", "https://"),
        ("postgresql://", "names no server"),
        ("postgresql://[::1/x", "no complete address"),
        ("maya@db.test", "@"),
        ("db.test/firstline", "slash"),
        ("-db.test", "no name of a server"),
        ("db..test", "no name of a server"),
        ("999.1.1.1", "no name of a server"),
        ("x" * 254, "no name of a server"),
        ("db\0.test", "no name of a server"),
    ],
)
def test_what_is_no_address_says_why(typed, problem):
    with pytest.raises(AddressWrong) as wrong:
        parse_address(typed)
    assert problem in str(wrong.value.context["problem"])


@pytest.mark.parametrize(
    ("name", "is_here"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("localhost.evil.test", False),
        ("db.test", False),
    ],
)
def test_only_loopback_is_here(name, is_here):
    assert Host(name).is_here is is_here
