"""The confusion table keeps its symbols, which the formulas of the measures name."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from aegui.analysis.anomaly import Confusion
from aegui.qt.widgets.confusion import ConfusionTable

COUNTS = Confusion(tp=5446, fn=3572, fp=48, tn=934)


@pytest.mark.parametrize(
    ("width", "height", "lines"),
    [
        (300, 150, [("TP 5,446", "found"), ("FN 3,572", "missed"), ("FP 48", "false alarm")]),
        (160, 150, [("5,446", "TP"), ("3,572", "FN")]),
        (300, 70, [("TP 5,446",), ("FN 3,572",), ("FP 48",)]),
    ],
)
def test_that_a_cell_says_what_it_counts(
    qtbot: QtBot, width: int, height: int, lines: list[tuple[str, ...]]
) -> None:
    table = ConfusionTable()
    qtbot.addWidget(table)
    table.resize(width, height)
    table.show_counts(COUNTS)
    assert [table.lines(number) for number in range(len(lines))] == lines
    assert not table.grab().isNull()
