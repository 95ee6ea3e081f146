"""What can go wrong when codes are exported from the window is told, and nothing is half done."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from aegui.analysis.features import NetworkCopy
from aegui.analysis.looking import see
from aegui.errors import AeguiError
from aegui.qt.exporting_codes import CodeExport
from aegui.qt.messages import Message, Messages
from aegui.qt.theme import Theme
from aegui.qt.views.features import FeaturesView
from aegui.qt.window import Window
from aegui.training.bench import Bench


class Strip(QWidget):
    """As much of a window as an export needs."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.messages = Messages(theme, self)

    tell_failure = Window.tell_failure

    def tell_error(self, error: AeguiError, key: str) -> None:
        self.messages.say(Message("error", str(error), key))


@pytest.fixture
def export(qapp, qtbot: QtBot) -> CodeExport:
    theme = Theme("light")
    window = Strip(theme)
    qtbot.addWidget(window)
    made = CodeExport(FeaturesView(theme, window), window)
    yield made
    made.task.cancel()
    made.task.wait()


def test_that_the_codes_of_the_moment_are_written(
    export: CodeExport, bench_of: Callable[..., Bench], qtbot: QtBot, tmp_path: Path
) -> None:
    bench, path = bench_of(), tmp_path / "codes.npz"
    export.write(path)
    export._view.network_arrived.emit(see(bench, NetworkCopy()), bench.step)
    qtbot.waitUntil(lambda: not export.task.busy, timeout=20_000)
    with np.load(path) as table:
        assert table["codes"][table["split"] == "test"] == pytest.approx(
            bench.evaluation.codes.numpy(), abs=1e-6
        )
    assert f"Codes of 130 samples, at step {bench.step}" in export._window.messages.current.text


def test_that_a_missing_package_is_told_before_anything_is_done(
    export: CodeExport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    export.write(tmp_path / "codes.parquet")
    assert "pip install pyarrow" in export._window.messages.current.text
    assert NetworkCopy() not in export._view.wishes().looks


def test_that_a_place_that_cannot_be_written_is_told(
    export: CodeExport, bench_of: Callable[..., Bench], qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    export.write(tmp_path / "file" / "codes.csv")
    export._view.network_arrived.emit(see(bench_of(), NetworkCopy()), 8)
    qtbot.waitUntil(lambda: not export.task.busy, timeout=20_000)
    assert "cannot be written" in export._window.messages.current.text


def test_that_an_export_can_be_given_up(
    export: CodeExport, bench_of: Callable[..., Bench], tmp_path: Path
) -> None:
    export.write(tmp_path / "codes.csv")
    export._view.network_arrived.emit(see(bench_of(), NetworkCopy()), 8)
    export._view.writing.cancel.click()
    export.task.wait()
    assert not export.task.busy and export._window.messages.current is None
