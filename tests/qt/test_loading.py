from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from aegui.data.catalog import catalog
from aegui.errors import InvalidExperiment
from aegui.qt.document import Document
from aegui.qt.loading import Loaded, Loading
from aegui.spec import Data, Experiment, TableSource

WAIT = 20_000  # ms, far beyond what anything here takes


def loaded(qtbot: QtBot, data: Data) -> tuple[Loaded, Document, list[object]]:
    """What came of loading, the document, and the errors that were told."""
    document = Document(Experiment(data=data))
    loading, told = Loading(document, document), []
    loading.failed.connect(lambda error, _trace: told.append(error))
    with qtbot.waitSignal(loading.ended, timeout=WAIT) as ended:
        loading.load()
    assert not loading.busy
    return ended.args[0], document, told


def test_that_the_data_arrive_with_every_class_of_their_source(qtbot: QtBot) -> None:
    found, document, told = loaded(qtbot, Data(source="digits", classes=(3, 8), train=50))
    assert found.classes == tuple("0123456789") and found.obstacle == ""
    assert document.dataset is not None and document.dataset.classes == ("3", "8") and not told


def test_that_classes_are_told_even_if_the_chosen_ones_do_not_exist(qtbot: QtBot) -> None:
    found, document, told = loaded(qtbot, Data(source="digits", classes=(99,)))
    assert found.classes == tuple("0123456789") and found.obstacle == "unusable"
    assert document.dataset is None and isinstance(told[0], InvalidExperiment)


def test_that_a_file_that_is_not_there_is_missing(qtbot: QtBot, tmp_path: Path) -> None:
    found, document, told = loaded(qtbot, Data(source=TableSource(path=str(tmp_path / "gone.csv"))))
    assert found.obstacle == "missing" and found.error is not None
    assert document.dataset is None and not told, "who offers to find it tells it"


def test_that_a_file_that_is_no_table_is_unusable(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    found, _, told = loaded(qtbot, Data(source=TableSource(path=str(tmp_path / "empty.csv"))))
    assert found.obstacle == "unusable" and told == [found.error]


def test_that_a_set_that_was_not_downloaded_is_not_fetched(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AEGUI_DATA", str(tmp_path / "cache"))
    entry = next(entry for entry in catalog() if entry.files)
    found, _, told = loaded(qtbot, Data(source=entry.name))
    assert found.obstacle == "unfetched" and not told


def test_that_only_the_data_that_are_wanted_last_arrive(qtbot: QtBot) -> None:
    document = Document(Experiment(data=Data(source="mnist")))
    loading = Loading(document, document)
    loading.load()
    document.edit("data.source", "digits")
    with qtbot.waitSignal(loading.ended, timeout=WAIT):
        pass
    assert document.dataset is not None and document.dataset.name == "digits"
    document.undo_stack.setClean()


def test_that_what_is_held_is_busy_and_loads_what_is_wanted_last_once_it_is_released(qtbot: QtBot) -> None:
    document = Document(Experiment(data=Data(source="digits", train=50)))
    loading, sizes = Loading(document, document), list[int]()
    loading.ended.connect(lambda found: sizes.append(len(found.dataset.train)))
    loading.hold()
    loading.load()
    document.edit("data.train", 60)
    qtbot.wait(50)
    assert loading.busy and sizes == [] and document.dataset is None
    with qtbot.waitSignal(loading.ended, timeout=WAIT):
        loading.release()
    assert sizes == [60] and not loading.busy
