"""The two themes hold the same names, and every pair that meets on a screen can be read."""

import re
from pathlib import Path

import pytest

from desktop.theme.icons import GLYPHS, IconUnknown, svg_of
from desktop.theme.style import style_sheet_of
from desktop.theme.tokens import DARK, LIGHT, TOKENS

DESKTOP = Path(__file__).parents[3] / "desktop"
SURFACES = ("bg.app", "bg.surface", "bg.subtle", "bg.raised", "bg.hover", "bg.selected")
TONES = ("accent", "danger", "warn", "ok", "info", "violet")


def channels(color: str) -> tuple[float, float, float, float]:
    digits = color.removeprefix("#")
    alpha = int(digits[:2], 16) / 255 if len(digits) == 8 else 1.0
    red, green, blue = (int(digits[-6:][at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue, alpha


def luminance(color: str, ground: str) -> float:
    red, green, blue, alpha = channels(color)
    below = channels(ground)
    mixed = [a * alpha + b * (1 - alpha) for a, b in zip((red, green, blue), below, strict=False)]
    linear = [v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in mixed]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(front: str, back: str, ground: str) -> float:
    pair = sorted((luminance(front, back if len(back) == 7 else ground), luminance(back, ground)))
    return (pair[1] + 0.05) / (pair[0] + 0.05)


def text_pairs() -> list[tuple[str, str]]:
    pairs = [(ink, on) for ink in ("fg.default", "fg.muted", "fg.subtle") for on in SURFACES]
    pairs += [("fg.muted", on) for on in ("bg.tag", "bg.sunken", "bg.pressed")]
    pairs += [("fg.ontooltip", "bg.tooltip"), ("accent.fg", "bg.surface"), ("accent.fg", "bg.app")]
    for tone in TONES:
        on_solid = f"{tone}.on"
        pairs += [
            (f"{tone}.fg", f"{tone}.tint"),
            (f"{tone}.fg", "bg.surface"),
            (on_solid, f"{tone}.solid"),
        ]
        pairs.append(("fg.default", f"{tone}.tint"))
    pairs += [("accent.on", "accent.hover"), ("accent.on", "accent.pressed")]
    pairs += [(f"p{at}.fg", f"p{at}.bg") for at in range(1, 6)]
    pairs += [(f"av.{at}.fg", f"av.{at}.bg") for at in range(1, 7)]
    return pairs


def control_pairs() -> list[tuple[str, str]]:
    plain = ("bg.surface", "bg.app", "bg.subtle")
    pairs = [("line.control", on) for on in plain]
    pairs += [("focus", on) for on in (*plain, "bg.selected", "bg.raised")]
    pairs += [("accent.solid", on) for on in plain]
    return pairs


def test_both_themes_have_the_same_tokens() -> None:
    assert list(LIGHT) == list(DARK)


def test_every_token_is_a_colour() -> None:
    for tokens in TOKENS.values():
        assert [
            t for t, c in tokens.items() if not re.fullmatch(r"#([0-9A-F]{8}|[0-9A-F]{6})", c)
        ] == []


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_stands_out_4_5_to_1(name: str) -> None:
    tokens = TOKENS[name]
    ground = tokens["bg.surface"]
    weak = [
        (ink, on, round(found, 2))
        for ink, on in text_pairs()
        if (found := contrast(tokens[ink], tokens[on], ground)) < 4.5
    ]
    assert weak == []


@pytest.mark.parametrize("name", ["light", "dark"])
def test_controls_and_focus_stand_out_3_to_1(name: str) -> None:
    tokens = TOKENS[name]
    weak = [
        (line, on, round(found, 2))
        for line, on in control_pairs()
        if (found := contrast(tokens[line], tokens[on], tokens["bg.surface"])) < 3.0
    ]
    assert weak == []


def test_no_colour_is_named_outside_the_tokens() -> None:
    found = [
        f"{path.relative_to(DESKTOP)}: {hit}"
        for path in DESKTOP.rglob("*.py")
        if path.name != "tokens.py"
        for hit in re.findall(r"#[0-9A-Fa-f]{6}\b", path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_widget_carries_a_style_sheet_of_its_own() -> None:
    found = [
        str(path.relative_to(DESKTOP))
        for path in DESKTOP.rglob("*.py")
        if "setStyleSheet" in path.read_text(encoding="utf-8")
    ]
    assert found == ["theme/theme.py"]


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_style_sheet_has_no_hole(name: str) -> None:
    assert "$" not in style_sheet_of(TOKENS[name])


@pytest.mark.parametrize("meaning", sorted(GLYPHS))
def test_every_icon_can_be_drawn(meaning: str) -> None:
    assert "currentColor" in svg_of(meaning)


def test_an_unknown_icon_is_named() -> None:
    with pytest.raises(IconUnknown, match="unheard"):
        svg_of("unheard")
