"""The list of profiles: kept whole, without passwords, and told when it is damaged."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from services.core.paths import home_at
from services.core.profiles import (
    EMBEDDED,
    ON_THIS_COMPUTER,
    ROOTS_OF_SYSTEMS,
    ConnectionSettings,
    ProfileEntry,
    ProfileList,
    ProfilesDamaged,
    Tls,
    TlsOnlyHere,
    load_profiles,
    save_profiles,
)
from services.core.server_address import Host

AT_A = ConnectionSettings((Host("a.test"), Host("b.test", 5433)), "firstline", "maya")
TEAM_A = ProfileEntry("team-a", "Team A", AT_A)
TEAM_B = ProfileEntry(
    "team-b", "Łódź – B", replace(AT_A, tls=Tls.REQUIRE, root_certificate="/etc/root.crt"),
    closed_days=None, is_cache_encrypted=True, keeps_password=False, person_id="p",
)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return home_at(tmp_path).profiles


def test_without_a_file_there_is_the_embedded_one(path):
    profiles = load_profiles(path)
    assert profiles.entries == (ON_THIS_COMPUTER,)
    assert profiles.current == ON_THIS_COMPUTER


def test_the_embedded_one_keeps_everything_and_a_team_ninety_days():
    assert ON_THIS_COMPUTER.closed_days is None
    assert TEAM_A.closed_days == 90


def test_what_is_saved_is_loaded(path):
    profiles = ProfileList((TEAM_A, TEAM_B), "team-b")
    save_profiles(path, profiles)
    assert load_profiles(path) == profiles
    assert load_profiles(path).current == TEAM_B


def test_the_file_has_no_place_for_a_password(path):
    save_profiles(path, ProfileList((TEAM_A,)))
    names = set(json.loads(path.read_text(encoding="utf-8"))["teams"][0])
    assert not {name for name in names if "secret" in name}
    assert {name for name in names if "password" in name} == {"keeps_password"}


def test_a_team_is_changed_in_its_place_and_removed():
    profiles = ProfileList((TEAM_A, TEAM_B), "team-a")
    changed = profiles.having(replace(TEAM_A, name="A"))
    assert [team.name for team in changed.teams] == ["A", "Łódź – B"]
    left = changed.without("team-a")
    assert left.teams == (TEAM_B,)
    assert left.current == ON_THIS_COMPUTER
    assert changed.without("team-b").current_id == "team-a"


def test_an_unknown_profile_is_the_embedded_one():
    assert ProfileList((TEAM_A,), "gone").current == ON_THIS_COMPUTER
    assert ProfileList((TEAM_A,)).choosing("gone").current_id == EMBEDDED


def _broken(**changed: object) -> str:
    sound = {
        "id": "t", "name": "T", "hosts": [{"name": "a.test", "port": 5432}], "database": "d",
        "user": "u", "tls": "verify-full", "root_certificate": "", "closed_days": 90,
        "is_cache_encrypted": False, "keeps_password": True, "person_id": "",
    }  # fmt: skip
    return json.dumps({"current": "t", "teams": [{**sound, **changed}]})


def test_the_control_of_the_broken_ones_is_sound(path):
    path.parent.mkdir(parents=True)
    path.write_text(_broken(), encoding="utf-8")
    assert load_profiles(path).current.name == "T"


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", '{"teams": 3, "current": "x"}', '{"teams": [7], "current": "x"}',
        '{"current": "x"}', "\ud800".encode("utf-8", "surrogatepass"), _broken(hosts=[]),
        _broken(tls="allow"), _broken(id=EMBEDDED), _broken(id="../elsewhere"), _broken(name=""),
        _broken(user=None), _broken(closed_days="soon"), _broken(hosts=[{"name": "a"}]),
    ],
)  # fmt: skip
def test_a_damaged_file_is_set_aside_and_told(path, text):
    path.parent.mkdir(parents=True)
    written = text if isinstance(text, bytes) else text.encode()
    path.write_bytes(written)
    with pytest.raises(ProfilesDamaged) as damaged:
        load_profiles(path)
    assert Path(str(damaged.value.context["file"])).read_bytes() == written
    assert load_profiles(path) == ProfileList()


def test_a_second_damaged_file_does_not_bury_the_first(path):
    path.parent.mkdir(parents=True)
    asides = []
    for text in ("first", "second"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ProfilesDamaged) as damaged:
            load_profiles(path)
        asides.append(Path(str(damaged.value.context["file"])).read_text(encoding="utf-8"))
    assert asides == ["first", "second"]


def test_each_team_has_folders_of_its_own(tmp_path):
    home = home_at(tmp_path)
    paths = [
        path
        for each in (home, home.of_team("team-a"), home.of_team("team-b"))
        for path in (each.journal, each.replica, each.drafts)
    ]
    assert len(set(paths)) == 9
    assert home.journal == tmp_path / "data" / "journal.db"
    assert all(path.is_relative_to(tmp_path) for path in paths)


def test_the_server_is_verified_and_bound_unless_chosen_otherwise():
    words = AT_A.keywords()
    assert words["host"] == "a.test,b.test"
    assert words["port"] == "5432,5433"
    assert words["sslmode"] == "verify-full"
    assert words["sslrootcert"] in (*ROOTS_OF_SYSTEMS, "system")
    assert words["channel_binding"] == "require"
    assert words["require_auth"] == "scram-sha-256"
    assert "password" not in words


def test_require_asks_for_no_certificate_but_binds_the_channel():
    words = replace(AT_A, tls=Tls.REQUIRE).keywords()
    assert words["sslmode"] == "require"
    assert words["channel_binding"] == "require"
    assert "sslrootcert" not in words


def test_without_tls_only_this_machine_is_spoken_to():
    here = replace(AT_A, hosts=(Host("127.0.0.1"),), tls=Tls.NONE)
    assert here.keywords()["sslmode"] == "disable"
    with pytest.raises(TlsOnlyHere):
        replace(AT_A, hosts=(Host("127.0.0.1"), Host("a.test")), tls=Tls.NONE).keywords()


def test_the_password_belongs_to_user_and_address():
    others = [
        replace(AT_A, user="priya"),
        replace(AT_A, hosts=(Host("a.test"),)),
        replace(AT_A, database="other"),
    ]
    assert len({AT_A.account, *(other.account for other in others)}) == 4
