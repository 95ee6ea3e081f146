"""The training panel puts right what the loss asks for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from aegui.data.load import load_dataset
from aegui.qt.document import Document
from aegui.qt.panels.training import TrainingPanel
from aegui.qt.widgets.column import Column


def test_that_data_out_of_reach_of_bce_can_be_scaled_by_a_button(
    qtbot: QtBot, document: Document, column: Callable[..., Column]
) -> None:
    panel = TrainingPanel(document)
    column(panel)
    row = next(f for f in panel.fields if getattr(f, "path", "") == "training.loss")
    assert not row.fix.isVisible()
    document.edit_all({"training.loss": "bce", "data.scaling": "standard"}, text="two edits")
    document.set_dataset(load_dataset(document.experiment.data, document.experiment.seed))
    assert row.fix.isVisible() and "needs data between" in row.note.text()
    qtbot.mouseClick(row.fix, Qt.MouseButton.LeftButton)
    assert document.experiment.data.scaling == "unit"
