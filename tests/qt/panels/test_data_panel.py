from __future__ import annotations

from collections.abc import Callable

from pointing import point_at
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from aegui.errors import Problem
from aegui.qt.document import Document
from aegui.qt.panels.data import DataPanel
from aegui.qt.widgets.column import Column
from aegui.spec import Data, Experiment


def test_that_the_facts_of_the_data_are_shown(document: Document) -> None:
    panel = DataPanel(document)
    facts = {name: label.text() for name, label in panel.facts.items()}
    assert facts == {
        "Layout": "grey pictures",
        "Shape": "8 × 8 = 64 features",
        "Classes": "10",
        "Range": "0 to 1",
        "Samples": "1,438 train, 359 test",
    }
    assert len(panel.sheet.names) == panel.sheet.capacity


def test_that_a_folded_part_says_which_classes_are_normal(document: Document) -> None:
    panel = DataPanel(document)
    document.edit("data.normal", (1, 7))
    assert panel.details.summary.startswith("normal: 1, 7")


def test_that_contamination_is_offered_with_normal_classes_and_goes_with_them(
    qtbot: QtBot, document: Document, column: Callable[..., Column]
) -> None:
    panel = DataPanel(document)
    column(panel)
    assert panel.contamination_row.isHidden()
    qtbot.mouseClick(panel.normal.chips[7], Qt.MouseButton.LeftButton)
    assert not panel.contamination_row.isHidden()
    document.edit("data.contamination", 0.1)
    assert panel.details.summary.startswith("normal: 7 · 10 % anomalies in training")
    assert "10 % of the training samples" in panel.normal_words.text()
    qtbot.mouseClick(panel.normal.chips[7], Qt.MouseButton.LeftButton)
    assert document.experiment.data == Data(source="digits")


def test_that_it_says_loading_until_the_data_are_there(qtbot: QtBot, document: Document) -> None:
    dataset = document.dataset
    document.set_dataset(None)
    panel = DataPanel(document)
    assert panel.section.summary == "Loading …"
    assert not panel.another.isEnabled()
    document.set_dataset(dataset)
    assert panel.another.isEnabled()
    assert panel.sheet.names


def test_that_other_samples_are_drawn_on_demand(
    qtbot: QtBot, document: Document, column: Callable[..., Column]
) -> None:
    panel = DataPanel(document)
    column(panel)
    before = panel.sheet.names
    qtbot.mouseClick(panel.another, Qt.MouseButton.LeftButton)
    assert panel.sheet.names != before
    assert document.undo_stack.count() == 0


def test_that_hovering_a_sample_tells_its_label_and_number(
    qtbot: QtBot, document: Document, column: Callable[..., Column]
) -> None:
    panel = DataPanel(document)
    column(panel)
    point_at(panel.sheet, panel.sheet.cell(9).center().toPoint())
    assert panel.pointed.text() == panel.sheet.names[9]
    assert "· training sample" in panel.pointed.text()


def test_that_labels_are_kept_by_their_buttons(
    qtbot: QtBot, document: Document, column: Callable[..., Column]
) -> None:
    panel = DataPanel(document)
    column(panel)
    for digit in (3, 8):
        qtbot.mouseClick(panel.classes.chips[digit], Qt.MouseButton.LeftButton)
    assert document.experiment.data.classes == (3, 8)
    assert [chip.text() for chip in panel.normal.chips] == ["3", "8"]
    qtbot.mouseClick(panel.normal.chips[0], Qt.MouseButton.LeftButton)
    assert document.experiment.data.normal == (3,)
    qtbot.mouseClick(panel.classes.chips[3], Qt.MouseButton.LeftButton)
    assert document.experiment.data.classes == (8,)
    assert document.experiment.data.normal == ()


def test_that_another_set_forgets_the_labels_of_the_old_one(
    qtbot: QtBot, document: Document, column: Callable[..., Column]
) -> None:
    document.new(Experiment(data=Data(source="mnist", classes=(1, 2), normal=(1,))))
    panel = DataPanel(document)
    column(panel)
    qtbot.keyClick(panel.control("data.source"), Qt.Key.Key_Down)
    assert document.experiment.data == Data(source="digits")


def test_that_a_problem_of_the_data_as_a_whole_stands_at_the_top(document: Document) -> None:
    panel = DataPanel(document)
    document.rejected.emit((Problem("data", "leaves no training sample"),))
    assert panel.note.text() == "Leaves no training sample."
    assert panel.section.marked
