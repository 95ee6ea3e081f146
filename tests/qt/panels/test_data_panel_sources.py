"""The data panel with data of one's own, with what is missing, and with sets that have to be fetched."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from aegui.data.catalog import catalog
from aegui.data.dataset import Dataset, Split
from aegui.errors import InvalidExperiment, Problem
from aegui.qt.document import Document
from aegui.qt.loading import Loaded
from aegui.qt.panels.data import DataPanel
from aegui.qt.widgets.column import Column
from aegui.spec import Data, Experiment, TableSource, replace

TABLE = TableSource(path=str(Path("a folder") / "flowers.csv"))


def of_own(document: Document, source: TableSource = TABLE) -> DataPanel:
    panel = DataPanel(document)
    document.new(Experiment(data=Data(source=source)))
    return panel


def texts(panel: DataPanel) -> list[str]:
    return [panel.sources.itemText(i) for i in range(panel.sources.count())]


def test_that_sets_are_offered_in_groups_whose_headings_cannot_be_chosen(document: Document) -> None:
    panel = DataPanel(document)
    model = panel.sources.model()
    headings = [
        panel.sources.itemText(i)
        for i in range(panel.sources.count())
        if not model.index(i, 0).flags() & Qt.ItemFlag.ItemIsEnabled
    ]
    assert headings[0] == "Comes with aegui" and headings[-1] == "Your own"
    assert {entry.name for entry in catalog()} <= {
        panel.sources.itemData(i) for i in range(panel.sources.count())
    }


def test_that_the_last_entry_asks_for_a_file_and_leaves_the_choice_alone(
    qtbot: QtBot, document: Document
) -> None:
    panel = DataPanel(document)
    assert texts(panel)[-1] == "Your own data…"
    with qtbot.waitSignal(panel.sources.open_asked):
        panel.sources.setCurrentIndex(panel.sources.count() - 1)
        panel.sources.activated.emit(panel.sources.count() - 1)
    assert panel.sources.value() == "digits" and document.undo_stack.count() == 0


def test_that_an_own_source_is_shown_by_the_name_of_its_file_and_its_path(document: Document) -> None:
    panel = of_own(document)
    assert panel.sources.currentText() == "flowers.csv"
    assert panel.source.path.text() == TABLE.path
    assert panel.source.change.isVisibleTo(panel) and not panel.source.locate.isVisibleTo(panel)


def test_that_a_source_used_before_is_chosen_with_its_options(qtbot: QtBot, document: Document) -> None:
    panel = DataPanel(document)
    panel.sources.offer_recent((TABLE,))
    place = texts(panel).index("flowers.csv")
    panel.sources.setCurrentIndex(place)
    panel.sources.activated.emit(place)
    assert document.experiment.data.source == TABLE


def test_that_the_classes_of_an_own_source_are_those_that_were_found_in_it(document: Document) -> None:
    panel = of_own(document)
    assert not panel.classes_row.isVisibleTo(panel.details)
    panel.show_loaded(Loaded(("rose", "tulip", "7")))
    assert [chip.text() for chip in panel.classes.chips] == ["rose", "tulip", "7"]
    document.edit("data.classes", ("rose",))
    assert [chip.text() for chip in panel.classes.chips] == ["rose", "tulip", "7"]
    assert [chip.text() for chip in panel.normal.chips] == ["rose"]


def test_that_more_classes_than_fit_on_buttons_are_counted(document: Document) -> None:
    panel = of_own(document)
    panel.show_loaded(Loaded(tuple(str(i) for i in range(900))))
    assert not panel.classes.chips
    assert panel.classes_words.text().startswith("900 classes")


def test_that_a_missing_file_can_be_looked_for(
    qtbot: QtBot, document: Document, column: Callable[..., Column]
) -> None:
    panel = of_own(document)
    column(panel)
    error = InvalidExperiment([Problem("data.source.path", f"{TABLE.path}: there is no such file")])
    panel.show_loaded(Loaded((), None, "missing", error))
    document.set_dataset(None)
    assert "not there" in panel.source.obstacle.text() and panel.section.summary == "No data"
    with qtbot.waitSignal(panel.source.find_asked):
        qtbot.mouseClick(panel.source.locate, Qt.MouseButton.LeftButton)


def test_that_a_file_that_cannot_be_used_is_told_without_its_path(document: Document) -> None:
    panel = of_own(document)
    error = InvalidExperiment([Problem("data.source.label", f'{TABLE.path}: has no column "x"')])
    panel.show_loaded(Loaded((), None, "unusable", error))
    assert panel.source.obstacle.text() == 'Has no column "x".'
    document.edit("data.source", "digits")
    assert panel.source.obstacle.text() == ""


def test_that_a_set_that_has_to_be_fetched_is_marked_and_offers_its_download(
    qtbot: QtBot, document: Document, column: Callable[..., Column]
) -> None:
    entry = next(entry for entry in catalog() if entry.files)
    panel = DataPanel(document)
    column(panel)
    for part in (panel.sources, panel.source):
        part.mark_absent(frozenset({entry.name}))
    assert any(text.startswith(f"↓ {entry.title}") for text in texts(panel))
    document.edit("data.source", entry.name)
    assert panel.source.download.isVisible() and not panel.source.bar.isVisible()
    with qtbot.waitSignal(panel.source.download_asked) as asked:
        qtbot.mouseClick(panel.source.download, Qt.MouseButton.LeftButton)
    assert asked.args == [entry.name]
    panel.source.show_active(entry.name)
    panel.source.show_progress(5_000_000, 20_000_000)
    assert panel.source.bar.value() * 4 == panel.source.bar.maximum()
    assert panel.source.amount.text() == "5.0 MB of 20 MB" and not panel.source.download.isVisible()
    with qtbot.waitSignal(panel.source.cancel_asked):
        qtbot.mouseClick(panel.source.cancel, Qt.MouseButton.LeftButton)
    panel.source.mark_absent(frozenset())
    assert not panel.source.bar.isVisible() and not panel.source.amount.isVisible()


def shown(document: Document, dataset: Dataset) -> dict[str, str]:
    document.set_dataset(dataset)
    panel = DataPanel(document)
    return {name: label.text() for name, label in panel.facts.items()}


def test_that_the_facts_say_what_a_sample_is(document: Document, digits: Dataset) -> None:
    rgb = np.repeat(digits.train.raw, 3, axis=1)
    colour = dataclasses.replace(digits, shape=(3, 8, 8), train=Split(rgb, digits.train.labels))
    facts = shown(document, colour)
    assert (facts["Layout"], facts["Shape"]) == ("colour pictures", "3 × 8 × 8 = 192 features")
    signal = dataclasses.replace(digits, shape=(64,), layout="signal")
    assert shown(document, signal)["Layout"] == "signals"
    names = tuple(f"c{i}" for i in range(64))
    table = dataclasses.replace(digits, shape=(64,), layout="table", features_named=names)
    facts = shown(document, table)
    assert (facts["Layout"], facts["Shape"]) == ("rows of a table", "64 columns")


def test_that_a_document_with_an_own_source_can_be_edited_on(document: Document) -> None:
    panel = of_own(document)
    document.edit("data.source", replace(document.experiment, "data.source.missing", "zero").data.source)
    assert panel.sources.value() == document.experiment.data.source
    assert np.count_nonzero(np.array(texts(panel)) == "flowers.csv") == 1
