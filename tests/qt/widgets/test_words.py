"""Words keep their own tone, and the room that they are given."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from aegui.qt.widgets.pad import Pad
from aegui.qt.widgets.words import Words, folded


def test_that_a_tone_is_of_one_sentence_alone(qtbot: QtBot) -> None:
    words = Words(kind="notice")
    qtbot.addWidget(words)
    words.say("The clipboard is empty.", "problem")
    assert words.kind == "problem"
    words.say("30% have a lower error.")
    assert words.kind == "notice"
    words.say("The clipboard is empty.", "problem")
    words.say("")
    assert words.kind == "notice"


def test_that_nothing_moves_when_words_with_room_speak(qtbot: QtBot) -> None:
    whole = QWidget()
    qtbot.addWidget(whole)
    pad, words = Pad(whole), Words(whole, lines=2)
    layout = QVBoxLayout(whole)
    layout.addWidget(pad, 1)
    layout.addWidget(words)
    whole.resize(300, 300)
    whole.show()
    before = pad.height()
    for text in ("one line", "words that are so many that they take two lines in such a narrow place", ""):
        words.say(text)
        layout.activate()
        assert pad.height() == before


def test_that_a_text_is_folded_at_words_and_each_line_elided(qtbot: QtBot) -> None:
    metrics = QFontMetrics(QFont())
    wide = metrics.horizontalAdvance("autoencoder") + 1
    assert folded("Denoising autoencoder", metrics, wide) == "Denoising\nautoencoder"
    assert folded("Narrow", metrics, wide) == "Narrow" and folded("", metrics, wide) == ""
    first, second = folded("Denoising autoencoder, digits", metrics, wide).split("\n")
    assert first == "Denoising" and second.endswith("…")
    assert folded("incomprehensibilities", metrics, wide).endswith("…")
    assert folded("Denoising autoencoder digits", metrics, wide, 3).endswith("\ndigits")
