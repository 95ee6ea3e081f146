"""Colours that everyone can tell apart, in light and dark."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from aegui.qt.theme import (
    CATEGORY,
    DARK,
    LIGHT,
    Theme,
    category,
    category_colours,
    colour_map,
    paper_colours,
    vivid,
)

# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def linear(rgb: NDArray[np.generic]) -> NDArray[np.float64]:
    c = np.asarray(rgb, float) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    t = np.clip(rgb, 0, 1) @ TO_XYZ.T / TO_XYZ.sum(1)
    f = np.where(t > 216 / 24389, np.cbrt(t), (24389 / 27 * t + 16) / 116)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


def contrast(rgb: NDArray[np.generic], background: str) -> float:
    back = np.array([int(background[i : i + 2], 16) for i in (1, 3, 5)])
    a, b = linear(rgb) @ TO_XYZ[1], linear(back) @ TO_XYZ[1]
    return float((max(a, b) + 0.05) / (min(a, b) + 0.05))


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme("light")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("vision", VISION)
def test_that_any_two_of_the_ten_colours_differ_for_every_eye(vision: str, dark: bool) -> None:
    seen = lab(linear(category_colours(10, dark)) @ VISION[vision].T)
    nearest = min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2))
    assert nearest > 20  # 2.3 is the smallest difference that is seen side by side


@pytest.mark.parametrize(("colours", "least"), [(LIGHT, 2), (DARK, 3)], ids=["light", "dark"])
def test_that_the_ten_colours_stand_out_from_the_background(colours, least: float) -> None:
    assert min(contrast(c, colours.base) for c in category_colours(10, colours.dark)) > least


def test_that_classes_have_their_light_colours_on_paper(qapp: QApplication) -> None:
    for dark in (False, True):
        assert np.array_equal(paper_colours(category_colours(12, dark)), category_colours(12))
    light, dark = (Theme(mode).sequential for mode in ("light", "dark"))
    for table in (light, dark):
        assert np.array_equal(paper_colours(table), light)
        assert np.array_equal(paper_colours(table[100:]), light[100:])
    other = colour_map("viridis")
    assert np.array_equal(paper_colours(other), other)


def test_that_a_class_keeps_its_hue_on_a_dark_ground() -> None:
    light, dark = (lab(linear(category_colours(10, on))) for on in (False, True))
    assert np.linalg.norm(light - dark, axis=1).max() < 15


def test_that_a_line_in_the_colour_of_a_class_is_brighter_on_a_dark_ground() -> None:
    assert vivid(0, dark=False) == category(0) == "#2c50dd"
    assert vivid(0, dark=True) == "#617ce6"  # a quarter of the way to white


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_that_text_is_readable_on_every_background(colours) -> None:
    text, muted = (
        np.array([int(c[i : i + 2], 16) for i in (1, 3, 5)]) for c in (colours.text, colours.muted)
    )
    for background in (colours.window, colours.base, colours.raised):
        assert contrast(text, background) > 7
        assert contrast(muted, background) > 4.5


def test_that_thirty_classes_get_thirty_colours() -> None:
    colours = category_colours(30)
    assert len({tuple(c) for c in colours}) == 30
    lightness = lab(linear(colours))[:, 0]
    assert np.all(lightness[10:20] > lightness[:10]) and np.all(lightness[20:] < lightness[:10])


def test_that_no_class_needs_no_colour() -> None:
    assert category_colours(0).shape == (0, 3)
    assert len(CATEGORY) == 10


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_that_the_diverging_map_fades_into_the_background_at_zero(theme: Theme, mode: str) -> None:
    theme.set_mode(mode)
    table = theme.diverging.astype(int)
    blue, middle, red = table[0], table[127:129].mean(axis=0), table[255]
    assert blue[2] > blue[0] and red[0] > red[2]
    assert middle.mean() < 60 if mode == "dark" else middle.mean() > 220


def test_that_the_sequential_map_changes_lightness_in_one_direction(theme: Theme) -> None:
    for mode in ("light", "dark"):
        theme.set_mode(mode)
        steps = np.diff(lab(linear(theme.sequential[::16]))[:, 0])
        assert np.all(steps > 0) or np.all(steps < 0)


def test_that_a_forced_theme_changes_the_palette_and_says_so(theme: Theme, qtbot, qapp: QApplication) -> None:
    with qtbot.waitSignal(theme.changed):
        theme.set_mode("dark")
    assert theme.dark
    assert qapp.palette().color(QPalette.ColorRole.Base).name() == DARK.base
    with qtbot.assertNotEmitted(theme.changed):
        theme.set_mode("dark")
    theme.set_mode("light")
    assert qapp.palette().color(QPalette.ColorRole.Base).name() == LIGHT.base


def test_that_another_word_is_no_mode(theme: Theme) -> None:
    with pytest.raises(ValueError, match="system, light, dark"):
        theme.set_mode("blue")


def test_that_maps_have_256_colours() -> None:
    assert colour_map("CET-D1A").shape == (256, 3)
