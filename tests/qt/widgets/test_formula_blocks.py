"""A row of blocks stands still, fits, and can be clicked and walked through."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainterPath
from pytestqt.qtbot import QtBot

from aegui.qt.widgets.formula import Block, Formula
from aegui.qt.widgets.mathtext import Outline, typeset


def blocks(count: int, width: float = 6.0) -> tuple[Block, ...]:
    """A sum and its terms, each so many em wide."""
    box = QPainterPath()
    box.addRect(0, -0.8, width, 1.0)
    outline = Outline(box, width, 0.8, 0.2)
    terms = (Block(f"t{i}", f"term {i}", outline, "0.1234", "#2c50dd", f"tip {i}") for i in range(count))
    return (Block("total", "L", None, "0.5678", "#000000", "the sum"), *terms)


@pytest.fixture
def formula(qtbot: QtBot) -> Formula:
    made = Formula()
    qtbot.addWidget(made)
    made.resize(560, 40)
    made.show()
    return made


@pytest.mark.parametrize("width", [120, 220, 300, 420, 548, 900, 1600])
@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
def test_that_every_block_is_wholly_on_screen(formula: Formula, width: int, count: int) -> None:
    formula.resize(width, 40)
    formula.set_blocks(blocks(count))
    boxes = [p.box for p in formula.placed]
    assert len(boxes) == count + 1
    assert all(box.left() >= 0 and box.right() <= width and box.top() >= 0 for box in boxes)
    assert all(box.bottom() <= formula.height() for box in boxes)
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_that_it_is_shrunk_a_little_before_it_breaks(formula: Formula) -> None:
    formula.resize(1600, 40)
    formula.set_blocks(blocks(3))
    assert (formula.lines, formula.scale) == (1, 1.0)
    end = formula.placed[-1].box.right()
    formula.resize(round(end * 0.93), 40)
    assert formula.lines == 1 and 0.85 <= formula.scale < 1
    formula.resize(round(end * 0.7), 40)
    assert formula.lines == 2 and 0.8 <= formula.scale <= 1


def test_that_it_may_be_larger_only_in_one_line(formula: Formula) -> None:
    formula.resize(1600, 40)
    formula.set_largest(1.3)
    formula.set_blocks(blocks(2))
    assert (formula.lines, formula.scale) == (1, 1.3)
    formula.resize(round(formula.placed[-1].box.right() * 0.6), 40)
    assert formula.scale <= 1


def test_that_where_height_is_short_it_is_smaller_and_saves_lines(formula: Formula) -> None:
    formula.resize(1600, 40)
    formula.set_blocks(blocks(3))
    end, high = formula.placed[-1].box.right(), formula.height()
    formula.set_largest(0.8)
    assert (formula.lines, formula.scale) == (1, 0.8) and formula.height() < high
    formula.resize(round(end * 0.75), 40)
    assert formula.lines == 1 and 0.7 <= formula.scale < 0.8


def test_that_other_values_move_nothing(formula: Formula) -> None:
    formula.set_blocks(blocks(4))
    before = formula.placed
    for value in ("0.000001", "12.34", "1.2e−9", "∞", ""):
        formula.set_blocks(tuple(replace(b, value=value) for b in formula.blocks))
        assert formula.placed == before


def test_that_a_click_names_the_term(formula: Formula, qtbot: QtBot) -> None:
    formula.set_blocks(blocks(3))
    with qtbot.waitSignal(formula.picked) as picked:
        qtbot.mouseClick(formula, Qt.MouseButton.LeftButton, pos=formula.placed[2].box.center().toPoint())
    assert picked.args == ["t1"]
    with qtbot.assertNotEmitted(formula.picked):
        qtbot.mouseClick(formula, Qt.MouseButton.LeftButton, pos=formula.placed[0].box.center().toPoint())
        qtbot.mouseClick(formula, Qt.MouseButton.LeftButton, pos=QPoint(formula.width() - 1, 1))


def test_that_keys_walk_through_the_terms(formula: Formula, qtbot: QtBot) -> None:
    formula.set_blocks(blocks(3))
    formula.setFocus()
    for _ in range(2):
        qtbot.keyClick(formula, Qt.Key.Key_Right)
    assert formula.accessibleDescription() == "term 1: 0.1234"
    with qtbot.waitSignal(formula.picked) as picked:
        qtbot.keyClick(formula, Qt.Key.Key_Return)
    assert picked.args == ["t1"]


def test_that_letters_stand_in_until_it_is_typeset(formula: Formula) -> None:
    plain = tuple(replace(b, outline=None) for b in blocks(2))
    formula.set_blocks(plain)
    assert not formula.grab().isNull()
    formula.set_blocks(blocks(2))
    assert formula.blocks[1].outline is not None


def test_that_outlines_are_as_wide_and_high_as_their_letters() -> None:
    short, long = typeset("x"), typeset(r"\frac{1}{k}\,\|x-f(g(\tilde{x}))\|^2")
    assert 0.3 < short.width < 1 and short.depth < 0.1
    assert long.width > 5 * short.width
    box = long.path.boundingRect()
    assert box.left() >= -0.1 and box.right() <= long.width
    assert (-box.top(), box.bottom()) == pytest.approx((long.ascent, long.depth))
    assert typeset("x") is short


def test_that_impossible_mathematics_is_refused() -> None:
    with pytest.raises(ValueError):
        typeset(r"\frac{1}{")
