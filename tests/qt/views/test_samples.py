"""What stands beneath a sample fits there, as a number and not as the beginning of one."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFont, QFontMetrics
from pytestqt.qtbot import QtBot

from aegui.qt.views.samples import brief_note, error_note


@pytest.mark.parametrize(
    ("error", "note"),
    [
        (0.0, "0.000"),
        (0.1092, "0.1092"),
        (0.009544, "0.00954"),
        (0.00039119, "3.91e-4"),
        (0.00099996, "1.00e-3"),
        (9.996e-12, "1.0e-11"),
        (3.8e-120, "4e-120"),
        (1234.567, "1235"),
        (123456789.0, "1.235e8"),
        (1.2345e12, "1.23e12"),
    ],
)
def test_that_an_error_is_written_in_the_figures_that_fit(error: float, note: str) -> None:
    assert error_note(error) == note
    assert float(note) == pytest.approx(error, rel=0.1)


@pytest.mark.parametrize("exponent", range(-40, 30))
def test_that_no_error_is_wider_than_its_place(qtbot: QtBot, exponent: int) -> None:
    metrics = QFontMetrics(QFont())
    for mantissa in (1.0, 3.9119, 9.9999):
        note = error_note(mantissa * 10.0**exponent)
        assert metrics.horizontalAdvance(note) <= metrics.horizontalAdvance("0.00000")


@pytest.mark.parametrize(
    ("error", "note"),
    [
        (0.03386, "0.034"),
        (9.1234, "9.123"),
        (3.91e-4, "4e-4"),
        (12.34, "12.3"),
        (123456.0, "1.2e5"),
        (0.0, "0.00"),
    ],
)
def test_that_a_brief_note_has_five_characters_at_most(error: float, note: str) -> None:
    assert brief_note(error) == note


def test_that_brief_notes_are_near_and_fit() -> None:
    for exponent in range(-12, 12):
        for mantissa in (1.0, 4.56, 9.994):
            error = mantissa * 10.0**exponent
            note = brief_note(error)
            assert len(note) <= 5 and abs(float(note) / error - 1) < 0.5
