"""What is remembered from one start to the next."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings

from aegui.qt.settings import Settings


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "settings.ini")


def opened(file: str) -> Settings:
    return Settings(QSettings(file, QSettings.Format.IniFormat))


def test_that_the_last_files_are_remembered_newest_first_and_once(file: str, tmp_path: Path) -> None:
    paths = [tmp_path / f"experiment {i}.toml" for i in range(12)]
    for path in [*paths, paths[11], paths[10]]:
        opened(file).remember(path)
    assert opened(file).recent[:3] == (paths[10], paths[11], paths[9])
    assert len(opened(file).recent) == 8
    opened(file).forget(paths[11])
    assert paths[11] not in opened(file).recent


def test_that_one_file_and_one_folded_panel_come_back_as_lists(file: str, tmp_path: Path) -> None:
    opened(file).remember(tmp_path / "a.toml")
    opened(file).set_folded(["Data"])
    assert opened(file).recent == (tmp_path / "a.toml",) and opened(file).folded() == ("Data",)


def test_that_a_theme_that_is_not_known_counts_as_the_system_s(file: str) -> None:
    settings = opened(file)
    settings.theme = "dark"
    assert opened(file).theme == "dark"
    settings.theme = "mauve"
    assert opened(file).theme == "system"


def test_that_window_state_is_kept_and_missing_state_is_none(file: str) -> None:
    assert opened(file).bytes("state") is None
    opened(file).set_bytes("state", QByteArray(b"\x00\x01state"))
    assert opened(file).bytes("state") == QByteArray(b"\x00\x01state")
