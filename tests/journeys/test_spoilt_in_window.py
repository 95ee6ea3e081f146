"""Runs, files and pictures that nobody should trust, in the real window: told, and never a fault."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from spoilt_runs import POSIX, SPOILT, TOUCHED, whole_runs
from student import Student

from aegui.data.dataset import Dataset
from aegui.qt.fault_dialog import FaultDialog
from aegui.qt.settings import Settings
from aegui.qt.views.compare import CompareView
from aegui.qt.views.draw import DrawView
from aegui.spec import Experiment

pytestmark = pytest.mark.journey
Open = Callable[..., Student]


@pytest.fixture(scope="module")
def whole(
    tmp_path_factory: pytest.TempPathFactory, tiny: Callable[..., Experiment], tiny_digits: Dataset
) -> tuple[Path, Path]:
    return whole_runs(tmp_path_factory.mktemp("whole"), tiny, tiny_digits)


def shows(student: Student, workspace: str) -> object:
    """Goes to a workspace by its name."""
    workspaces = student.window.workspaces
    for number in range(workspaces.count()):
        QTest.keyClick(
            student.window, getattr(Qt.Key, f"Key_{number + 1}"), Qt.KeyboardModifier.ControlModifier
        )
        view = workspaces.view(workspace)
        if view is not None and view.isVisible():
            return view
    raise LookupError(workspace)


def faultless(student: Student) -> bool:
    return not student.window.findChildren(FaultDialog)


def take_up(student: Student, ways: Iterable[str], whole: tuple[Path, Path], folder: Path) -> None:
    """Opens each damaged run, and the whole one after it."""
    for way in ways:
        bad = folder / "bad"
        shutil.rmtree(bad, ignore_errors=True)
        shutil.copytree(whole[0], bad)
        SPOILT[way](bad, whole[1])
        opened, messages = student.window.files.open_run(bad), student.window.messages
        assert opened or messages.current is not None, way
        student.sees(lambda: not student.window.loading.busy and not student.window.session.starting)
        assert faultless(student), way
        assert student.window.files.open_run(whole[0])
        student.sees(lambda: student.stands and student.step == 12)
        assert not (folder / TOUCHED).exists()


def test_that_a_spoilt_run_is_opened_or_told_and_a_whole_one_opens_after_it(
    open_window: Open, whole: tuple[Path, Path], tmp_path: Path, tiny: Callable[..., Experiment]
) -> None:
    take_up(open_window(tiny()), tuple(SPOILT)[::41], whole, tmp_path)


@pytest.mark.long
def test_that_every_spoilt_run_is_opened_or_told(
    open_window: Open, whole: tuple[Path, Path], tmp_path: Path, tiny: Callable[..., Experiment]
) -> None:
    take_up(open_window(tiny()), SPOILT, whole, tmp_path)


def test_that_a_folder_full_of_spoilt_runs_hides_none_that_is_whole(
    open_window: Open, whole: tuple[Path, Path], runs: Path, tiny: Callable[..., Experiment]
) -> None:
    shutil.copytree(whole[0], runs / "whole")
    for number, way in enumerate(tuple(SPOILT)[::4]):
        shutil.copytree(whole[0], runs / f"{number}")
        SPOILT[way](runs / f"{number}", whole[1])
    student = open_window(tiny())
    view = shows(student, "compare")
    assert isinstance(view, CompareView)
    student.sees(lambda: view.rows.rowCount() > 10)
    found = [view.rows.run(row).path for row in range(view.rows.rowCount())]
    assert runs / "whole" in found
    for column in range(view.rows.columnCount()):
        view.rows.sort(column)
        assert [view.rows.index(row, column).data() for row in range(view.rows.rowCount())]
    view.grab()
    assert faultless(student)


PLACES = ("folder", "nowhere", "pipe.toml", "loop.toml", "empty.toml", "noise.toml", "absurd.toml")


def test_that_whatever_is_dropped_is_opened_or_told(
    open_window: Open, small: Experiment, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.toml").write_bytes(b"")
    (tmp_path / "noise.toml").write_bytes(bytes(range(256)))
    (tmp_path / "absurd.toml").write_text(".".join(["a"] * 10_000) + " = 1")
    if POSIX:
        os.mkfifo(tmp_path / "pipe.toml")
        (tmp_path / "loop.toml").symlink_to("loop.toml")
    student = open_window(small)
    opening = student.window.opening
    odd = (
        "http://127.0.0.1:1/a.toml",
        "file:///",
        "file:///%00.toml",
        "file:///\U0001f600.toml",
        "javascript:1",
        "",
    )
    for urls in (
        *([QUrl.fromLocalFile(str(tmp_path / name))] for name in PLACES),
        *([QUrl(text)] for text in odd),
    ):
        opening.take_dropped(urls)
        student.sees(lambda: not student.window.loading.busy)
        if opening.dialog is not None:
            opening.dialog.reject()
        assert faultless(student), urls
    opening.take_dropped([QUrl.fromLocalFile(str(tmp_path / name)) for name in PLACES] * 1000)
    assert student.window.messages.current is not None


def images() -> dict[str, QImage]:
    formats = QImage.Format
    return {
        "none": QImage(),
        "one point": QImage(1, 1, formats.Format_ARGB32),
        "a line": QImage(30_000, 1, formats.Format_RGB888),
        "a column": QImage(1, 30_000, formats.Format_Mono),
        "large": QImage(6_000, 6_000, formats.Format_Grayscale8),
        "floats": QImage(9, 7, formats.Format_RGBA32FPx4),
        "palette": QImage(9, 7, formats.Format_Indexed8),
    }


def test_that_whatever_is_pasted_is_drawn_or_told(open_window: Open, small: Experiment) -> None:
    student = open_window(small)
    view = shows(student, "draw")
    assert isinstance(view, DrawView)
    clipboard = QGuiApplication.clipboard()
    for image in images().values():
        image.fill(Qt.GlobalColor.gray)
        clipboard.setImage(image)
        view.paste_asked.emit()
        assert np.isfinite(view.pad.values).all() and faultless(student)
    for kind in ("image/png", "image/svg+xml", "application/x-qt-image", "text/html"):
        for data in (b"", b"\x89PNG\r\n\x1a\n" + b"\xff" * 100, b"<svg", b"\x80\x04\x95"):
            mime = QMimeData()
            mime.setData(kind, QByteArray(data))
            clipboard.setMimeData(mime)
            view.paste_asked.emit()
            assert faultless(student)
    clipboard.clear()


def test_that_a_window_opens_with_whatever_its_settings_hold(
    open_window: Open, small: Experiment, settings: Settings
) -> None:
    open_window(small).window.close()
    kept, drawn = json.loads(settings.file.read_bytes()), np.random.default_rng(0)
    parts = [name for name in kept if name.startswith("layout")]
    assert len(parts) == 3
    for _ in range(2):
        spoilt = dict(kept) | {"folded": ["\U0001f600", "Data" * 1000], "theme": 3}
        for name in parts:
            letters = list(kept[name])
            for place in drawn.integers(9, len(letters), 3):
                letters[place] = "A" if letters[place] != "A" else "B"
            spoilt[name] = "".join(letters)
        settings.file.write_text(json.dumps(spoilt))
        student = open_window(small)
        assert faultless(student) and student.window.width() == 1280
        student.window.close()
