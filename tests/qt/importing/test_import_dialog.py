"""The dialog that opens data of one's own, on real files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from aegui.qt.importing.dialog import ImportDialog
from aegui.spec import ArraySource, Data, IdxSource, ImagesSource, TableSource

Open = Callable[..., ImportDialog]
WAIT = 20_000  # ms, far beyond what anything here takes


@pytest.fixture
def open_dialog(qtbot: QtBot) -> Iterator[Open]:
    """Opens a file in the dialog, and waits until it is read or refused."""
    opened: list[ImportDialog] = []

    def open_(path: Path, data: Data | None = None) -> ImportDialog:
        dialog = ImportDialog(data or Data())
        opened.append(dialog)
        qtbot.addWidget(dialog)
        dialog.show()
        dialog.open_path(path)
        settled(qtbot, dialog)
        return dialog

    yield open_
    for dialog in opened:
        dialog.reject()
        dialog.reader.wait()


def settled(qtbot: QtBot, dialog: ImportDialog) -> None:
    qtbot.waitUntil(lambda: not dialog.waiting, timeout=WAIT)


def chooses(qtbot: QtBot, dialog: ImportDialog, option: str, value: Any) -> None:
    control = dialog.options.row(option).control
    control.setCurrentIndex(control.findData(value))
    control.activated.emit(control.currentIndex())
    settled(qtbot, dialog)


def test_that_a_table_is_read_and_described(open_dialog: Open, table: Path) -> None:
    dialog = open_dialog(table)
    assert isinstance(dialog.source, TableSource) and dialog.path.text() == str(table)
    assert dialog.report.facts["Samples"].text().startswith("40")
    assert "cat (26)" in dialog.report.facts["Classes"].text()
    assert dialog.preview.table.isVisible() and not dialog.preview.pictures.isVisible()
    model = dialog.preview.table.model()
    assert (model.rowCount(), model.columnCount()) == (40, 3)
    assert [model.headerData(i, Qt.Orientation.Horizontal) for i in range(3)] == ["class", "height", "weight"]
    assert model.data(model.index(1, 0)) == "cat" and model.data(model.index(1, 1)) == "99"
    assert dialog.use.isEnabled()


def test_that_gaps_and_columns_of_words_are_brought_to_the_front(open_dialog: Open, table: Path) -> None:
    gaps = open_dialog(table).options.gaps.words
    assert gaps.isVisible()
    assert gaps.text().startswith("6 numbers are missing in 2 columns: weight (5), height (1).")
    assert "town" in gaps.text()


def test_that_another_choice_is_read_and_tells_what_became_different(
    qtbot: QtBot, open_dialog: Open, table: Path
) -> None:
    dialog = open_dialog(table)
    assert not dialog.report.before["Samples"].isVisible()
    chooses(qtbot, dialog, "data.source.missing", "drop-rows")
    assert dialog.report.facts["Samples"].text().startswith("34")
    assert dialog.report.before["Samples"].text().startswith("was 40")
    assert not dialog.report.before["Shape"].isVisible()
    chooses(qtbot, dialog, "data.source.text", "one-hot")
    assert dialog.preview.table.model().columnCount() == 5
    assert "one for each word" in dialog.options.gaps.words.text()


def test_that_the_label_is_chosen_among_the_columns_of_the_file(
    qtbot: QtBot, open_dialog: Open, table: Path
) -> None:
    dialog = open_dialog(table)
    label = dialog.options.row("data.source.label").control
    titles = [label.itemText(i) for i in range(label.count())]
    assert titles == ["Auto", "None", "height", "weight", "town", "species"]
    chooses(qtbot, dialog, "data.source.label", "town")
    assert "Bern (20)" in dialog.report.facts["Classes"].text()


def test_that_a_choice_that_cannot_be_is_refused_at_its_place(
    qtbot: QtBot, open_dialog: Open, table: Path
) -> None:
    dialog = open_dialog(table)
    chooses(qtbot, dialog, "data.source.missing", "refuse")
    assert not dialog.use.isEnabled() and dialog.reading is None
    row = dialog.options.row("data.source.missing")
    assert "missing" in row.problem("data.source.missing") and str(table) not in row.note.text()
    assert "missing" in dialog.error.text()
    chooses(qtbot, dialog, "data.source.missing", "mean")
    assert dialog.use.isEnabled() and not dialog.error.isVisible() and not row.note.text()


def test_that_the_data_are_handed_over_by_the_button(qtbot: QtBot, open_dialog: Open, table: Path) -> None:
    dialog = open_dialog(table, Data(train=20))
    chooses(qtbot, dialog, "data.source.missing", "zero")
    chooses(qtbot, dialog, "data.scaling", "minmax")
    with qtbot.waitSignal(dialog.chosen) as chosen:
        qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    wanted = TableSource(path=str(table), missing="zero")
    assert chosen.args == [Data(source=wanted, scaling="minmax", train=20)]
    assert not dialog.isVisible()


def test_that_another_scaling_needs_no_second_reading(qtbot: QtBot, open_dialog: Open, table: Path) -> None:
    dialog = open_dialog(table)
    stored = dialog.reading.stored
    chooses(qtbot, dialog, "data.scaling", "minmax")
    assert dialog.reading.stored is stored
    assert dialog.report.facts["Scaling"].text().startswith("minmax")
    assert dialog.report.before["Scaling"].text().startswith("was standard")


def test_that_a_folder_of_pictures_shows_them(open_dialog: Open, pictures: Path) -> None:
    dialog = open_dialog(pictures)
    assert isinstance(dialog.source, ImagesSource)
    assert len(dialog.preview.pictures.names) == 20 and dialog.preview.pictures.isVisible()
    assert dialog.preview.pictures.names[0] == "blue · sample 0"
    assert "8×12" in dialog.report.facts["Shape"].text()


def test_that_the_size_of_pictures_can_be_chosen(qtbot: QtBot, open_dialog: Open, pictures: Path) -> None:
    dialog = open_dialog(pictures)
    dialog.options.row("data.source.height").control.edited.emit(6)
    settled(qtbot, dialog)
    assert "6×9" in dialog.report.facts["Shape"].text()


def test_that_signals_are_shown_as_curves(open_dialog: Open, waves: Path) -> None:
    dialog = open_dialog(waves)
    assert isinstance(dialog.source, ArraySource) and dialog.preview.curves.isVisible()
    names = dialog.options.row("data.source.array").control
    assert [names.itemText(i) for i in range(names.count())] == ["Auto", "x", "y"]


def test_that_an_idx_file_shows_its_pictures(open_dialog: Open, idx: Path) -> None:
    dialog = open_dialog(idx)
    assert isinstance(dialog.source, IdxSource)
    assert dialog.report.facts["Samples"].text().startswith("20")


def test_that_a_file_that_is_no_data_says_so_and_lets_another_be_chosen(
    qtbot: QtBot, open_dialog: Open, tmp_path: Path, table: Path
) -> None:
    path = tmp_path / "song.csv"
    path.write_bytes(bytes(range(256)) * 20)
    dialog = open_dialog(path)
    assert "Is binary data" in dialog.error.text() and not dialog.use.isEnabled()
    with qtbot.waitSignal(dialog.other_asked):
        qtbot.mouseClick(dialog.other, Qt.MouseButton.LeftButton)
    dialog.open_path(table)
    settled(qtbot, dialog)
    assert dialog.use.isEnabled() and not dialog.error.isVisible()


def test_that_the_kind_of_an_unknown_file_can_be_said(
    qtbot: QtBot, open_dialog: Open, tmp_path: Path
) -> None:
    path = tmp_path / "notes"
    path.write_bytes(b"%PDF-1.4 and so on")
    dialog = open_dialog(path)
    assert dialog.source is None
    chooses(qtbot, dialog, "data.source.kind", "idx")
    assert dialog.source == IdxSource(path=str(path))
    assert dialog.error.text() and not dialog.use.isEnabled()


def test_that_the_button_can_be_pressed_by_a_key_once_the_file_is_read(
    qtbot: QtBot, open_dialog: Open, table: Path
) -> None:
    dialog = open_dialog(table)
    assert dialog.focusWidget() is dialog.use
    with qtbot.waitSignal(dialog.chosen):
        qtbot.keyClick(dialog.use, Qt.Key.Key_Return)


def test_that_a_reading_can_be_stopped_and_begun_again(qtbot: QtBot, open_dialog: Open, table: Path) -> None:
    dialog = open_dialog(table)
    qtbot.mouseClick(dialog.stop, Qt.MouseButton.LeftButton)
    assert dialog.stop.text() == "Stop" and not dialog.use.isEnabled()
    qtbot.mouseClick(dialog.stop, Qt.MouseButton.LeftButton)
    assert dialog.stop.text() == "Read again" and dialog.state.text() == "Stopped."
    qtbot.mouseClick(dialog.stop, Qt.MouseButton.LeftButton)
    settled(qtbot, dialog)
    assert dialog.use.isEnabled()


def test_that_what_a_closed_dialog_reads_is_given_up(qtbot: QtBot, open_dialog: Open, table: Path) -> None:
    dialog = open_dialog(table)
    dialog.reader.read.connect(lambda _: pytest.fail("nobody waits for it"))
    dialog.open_path(table)
    dialog.reject()
    dialog.reader.wait()
    assert not dialog.waiting


def test_that_every_control_has_a_name_and_a_tip(open_dialog: Open, table: Path) -> None:
    dialog = open_dialog(table)
    for button in (dialog.other, dialog.stop, dialog.use):
        assert button.text() and button.toolTip()
    assert dialog.preview.table.toolTip() and dialog.preview.table.accessibleName()
