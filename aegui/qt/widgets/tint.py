"""Colours that follow the widget's palette, so that light and dark need no second table."""

from __future__ import annotations

from typing import Literal

from PySide6.QtGui import QColor, QPalette

Tone = Literal["plain", "quiet", "problem", "notice"]


def mix(a: QColor, b: QColor, share: float) -> QColor:
    """``share`` of a (0 to 1) and the rest of b, opaque."""
    return QColor.fromRgbF(
        a.redF() * share + b.redF() * (1 - share),
        a.greenF() * share + b.greenF() * (1 - share),
        a.blueF() * share + b.blueF() * (1 - share),
    )


def is_dark(palette: QPalette) -> bool:
    """Whether text is lighter than what it stands on."""
    return palette.windowText().color().lightnessF() > palette.window().color().lightnessF()


def tone(palette: QPalette, kind: Tone) -> QColor:
    """The colour of words of one tone, readable on the window's background."""
    text, ground = palette.windowText().color(), palette.window().color()
    match kind:
        case "quiet":
            return mix(text, ground, 0.66)
        case "problem":
            return QColor("#ff7b72" if is_dark(palette) else "#b3261e")
        case "notice":
            return QColor("#e3b341" if is_dark(palette) else "#8a5a00")
    return text
