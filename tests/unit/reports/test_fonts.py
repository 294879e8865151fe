"""Fonts are made once, whole, and made again when damaged."""

import pytest
from fontTools.ttLib import TTFont

from services.reports import fonts
from services.reports.fonts import FONTS, REGULAR, STRONG, prepare_fonts


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("static")
    prepare_fonts(folder)
    return folder


def test_three_static_fonts_and_nothing_else(folder):
    assert sorted(p.name for p in folder.iterdir()) == sorted(font.file for font in FONTS)
    for font in FONTS:
        made = TTFont(folder / font.file)
        assert "fvar" not in made
        assert "glyf" in made
        assert made["name"].getDebugName(6) == font.name


def test_figures_have_one_width(folder):
    for font in FONTS:
        made = TTFont(folder / font.file)
        glyphs = made.getBestCmap()
        assert len({made["hmtx"][glyphs[ord(figure)]][0] for figure in "0123456789"}) == 1


def test_the_strong_weight_is_wider(folder):
    by_name = {font.name: TTFont(folder / font.file) for font in FONTS}
    regular, strong = (
        by_name[n]["hmtx"][by_name[n].getBestCmap()[ord("m")]][0] for n in (REGULAR, STRONG)
    )
    assert strong > regular


def test_what_is_there_is_kept(folder):
    before = {p.name: p.stat().st_mtime_ns for p in folder.iterdir()}
    prepare_fonts(folder)
    assert {p.name: p.stat().st_mtime_ns for p in folder.iterdir()} == before


def test_shipped_fonts_are_taken_first(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "SHIPPED", folder)
    prepare_fonts(tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_a_damaged_file_is_made_again(tmp_path):
    broken = tmp_path / FONTS[2].file
    broken.write_bytes(b"cut off")
    loaded = fonts._load(FONTS[2], tmp_path)
    assert loaded.face.charToGlyph[ord("A")]
    assert broken.stat().st_size > 10_000
