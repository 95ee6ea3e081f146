"""Names of any length and script widen nothing, and are not cut off without a word."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import Qt, QTextDocument

from aegui.qt.views.features import FeaturesView
from aegui.qt.views.latent import LatentView
from aegui.qt.views.pictures import PicturesView
from aegui.qt.views.readout import Readout
from aegui.qt.views.text import brief

FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
NAMES = (
    "a class whose name is about sixty characters long, to be sure",
    "非常に長いクラスの名前ですからラベルに入りきらないかもしれませんね本当に",
    "فئة ذات اسم طويل جدا لا يتسع في الملصق",
    f"{FAMILY * 12} with words",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "x",
    "<b>bold</b> & <img src='x.png'>",
    "e" + "\u0301" * 60,
    "ordinary",
    "line of 30 characters exactly!",
)


@pytest.mark.parametrize("name", NAMES)
def test_that_a_name_in_a_sentence_is_short_and_whole_letters(name: str) -> None:
    text = brief(name).strip("\u2068\u2069")
    assert len(text) <= 28
    assert text == name or (text.endswith("…") and name.startswith(text[:-1]))
    assert not text[:-1].endswith("\u200d")


def test_that_a_name_is_not_cut_within_a_letter() -> None:
    assert brief("ab" + "\u0301" * 40) == "a…"
    assert brief(f"{'x' * 25}{FAMILY}{'y' * 10}") == "x" * 25 + "…"


def test_that_a_name_from_right_to_left_turns_nothing_round() -> None:
    assert brief("فئة") == "\u2068فئة\u2069" and brief("class") == "class"


@pytest.fixture
def named(digits):
    """Digits whose classes have such names."""
    return replace(digits, classes=NAMES)


def test_that_long_names_widen_no_view(theme, make, named, on_screen) -> None:
    for kind in (PicturesView, LatentView, FeaturesView):
        view, other = kind(theme), kind(theme)
        on_screen(view, 420, 400)
        view.set_dataset(named)
        view.feed(make(), now=True)
        assert view.size().width() == 420
        assert view.minimumSizeHint().width() <= max(420, other.minimumSizeHint().width())


def test_that_a_card_is_no_wider_than_its_plot_and_a_legend_tells_the_whole(
    theme, make, named, on_screen
) -> None:
    view = LatentView(theme)
    on_screen(view, 420, 500)
    view.set_dataset(named)
    view.feed(make(), now=True)
    for sample in range(40):
        view._point(sample)
        assert view.card.isVisible() and view.card.width() <= view.canvas.width()
    for name in NAMES:
        chip = next(e for e in view.legend.entries if e.text == name)
        tip, document = view.legend.chip(chip.key).toolTip(), QTextDocument()
        (document.setHtml if Qt.mightBeRichText(tip) else document.setPlainText)(tip)
        assert document.toPlainText().startswith(name)


def test_that_a_value_that_is_too_wide_ends_with_an_ellipsis(qtbot) -> None:
    readout = Readout(("class 0",))
    qtbot.addWidget(readout)
    readout.resize(120, 30)
    readout.show()
    readout.set_parts(["x" * 15])
    short = readout.grab().toImage()
    readout.set_parts(["x" * 400])
    long = readout.grab().toImage()
    edge = range(readout.width() - 3, readout.width())
    assert short != long
    assert all(long.pixel(x, y) == long.pixel(0, 0) for x in edge for y in range(long.height()))
    assert "x" * 400 in readout.toolTip()
