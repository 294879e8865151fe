"""The program as a process: the whole life of an incident, and pictures of its screens."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from postgres_server import require_postgres
from pypdf import PdfReader

PATIENCE_S = 110


def run(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "QT_QPA_PLATFORM": "offscreen",
        "LANG": "C.UTF-8",
    }
    return subprocess.run(
        [sys.executable, "-m", "desktop", *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        env=environment,
        cwd=Path(__file__).resolve().parents[2],
        check=False,
    )


def test_the_tour_finds_every_effect_and_leaves_pictures_and_the_report(tmp_path):
    told = run("--tour", str(tmp_path / "out"), home=tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr
    steps = told.stdout.splitlines()
    assert len(steps) == 19
    assert all(step.startswith("ok") for step in steps)
    pictures = sorted((tmp_path / "out").glob("[0-9][0-9]_*.png"))
    assert len(pictures) >= 15
    report = PdfReader(next((tmp_path / "out").glob("INC-*.pdf")))
    text = " ".join(page.extract_text() for page in report.pages)
    assert "VPN drops every few minutes" in text
    assert "Tomás Herrera, by phone" in text


def test_the_story_of_a_team_finds_every_effect_at_its_server(tmp_path):
    require_postgres()
    told = run("--tour", str(tmp_path / "out"), "--story", "team", home=tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr
    steps = told.stdout.splitlines()
    assert len(steps) == 11
    assert all(step.startswith("ok") for step in steps)
    names = [path.stem[3:] for path in sorted((tmp_path / "out").glob("[0-9][0-9]_*.png"))]
    assert {"sign_in", "who_is_here", "saved_here", "conflict", "resolved"} <= set(names)


def test_one_screen_is_rendered_in_one_theme(tmp_path):
    told = run("--screens", str(tmp_path), "--screen", "matrix", "--theme", "dark", home=tmp_path)
    assert told.returncode == 0, told.stderr
    assert [path.name for path in tmp_path.glob("*.png")] == ["matrix_dark.png"]


@pytest.mark.parametrize("arguments", [("--screens", "x", "--screen", "nothing")])
def test_an_unknown_screen_is_named_with_those_there_are(tmp_path, arguments):
    told = run(*arguments, home=tmp_path)
    assert told.returncode == 2
    assert "No screen is called nothing" in told.stderr
    assert "queue" in told.stderr


@pytest.mark.nightly
def test_every_screen_is_rendered_in_both_themes(tmp_path):
    told = run("--screens", str(tmp_path), home=tmp_path)
    assert told.returncode == 0, told.stderr
    names = {path.stem.rpartition("_")[0] for path in tmp_path.glob("*_light.png")}
    assert {"queue", "log_incident", "escalate_team", "state_conflict", "state_offline"} <= names
