"""Edits, and the steps in which they are taken back."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from PySide6.QtGui import QUndoCommand
from PySide6.QtWidgets import QApplication

from aegui.qt.document import Document
from aegui.spec import Experiment


@pytest.fixture
def document(qapp: QApplication) -> Document:
    return Document(Experiment())


def test_that_edits_of_one_part_in_a_row_are_one_step_of_undo(document: Document) -> None:
    before = document.experiment
    for rate in (0.1, 0.2, 0.3):
        document.edit("training.rate", rate)
    assert document.undo_stack.count() == 1 and document.experiment.training.rate == 0.3
    document.undo_stack.undo()
    assert document.experiment == before and not document.modified
    document.undo_stack.redo()
    assert document.experiment.training.rate == 0.3


def test_that_another_part_is_another_step(document: Document) -> None:
    document.edit("training.rate", 0.1)
    document.edit("code.size", 5)
    document.edit("training.rate", 0.2)
    assert document.undo_stack.count() == 3


def test_that_edits_which_lead_back_are_no_step(document: Document) -> None:
    before = document.experiment
    document.edit("code.size", 5)
    document.edit("training.rate", 0.1)
    document.edit("training.rate", before.training.rate)
    assert document.undo_stack.count() == document.undo_stack.index() == 1
    document.edit("code.size", 6)
    document.undo_stack.undo()
    assert document.experiment == before and not document.modified


def test_that_an_edit_after_saving_is_a_step_of_its_own(document: Document, tmp_path: Path) -> None:
    document.edit("training.rate", 0.1)
    document.save(tmp_path / "saved.toml")
    document.edit("training.rate", 0.2)
    assert document.undo_stack.count() == 2 and document.modified
    document.undo_stack.undo()
    assert document.experiment.training.rate == 0.1 and not document.modified


def test_that_an_edit_after_an_undo_takes_the_place_of_what_was_undone(document: Document) -> None:
    document.edit("code.size", 5)
    document.edit("training.rate", 0.1)
    document.undo_stack.undo()
    document.edit("code.size", 7)
    assert not document.undo_stack.canRedo() and document.experiment.code.size == 7


def test_that_a_long_drag_keeps_two_experiments_alone(document: Document) -> None:
    before = steps()
    for number in range(1, 51):
        document.edit("training.rate", number / 100)
    assert document.undo_stack.count() == steps() - before == 1


def steps() -> int:
    """How many steps of undo there are in this process."""
    gc.collect()
    return sum(issubclass(type(o), QUndoCommand) for o in gc.get_objects())
