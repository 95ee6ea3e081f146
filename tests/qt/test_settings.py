"""What is remembered from one start to the next."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray

from aegui.qt.settings import Settings
from aegui.spec.files import is_text


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def opened(file: Path) -> Settings:
    return Settings(file)


def test_that_the_last_files_are_remembered_newest_first_and_once(file: Path, tmp_path: Path) -> None:
    paths = [tmp_path / f"experiment {i}.toml" for i in range(12)]
    for path in [*paths, paths[11], paths[10]]:
        opened(file).remember(path)
    assert opened(file).recent[:3] == (paths[10], paths[11], paths[9])
    assert len(opened(file).recent) == 8
    opened(file).forget(paths[11])
    assert paths[11] not in opened(file).recent


def test_that_one_file_and_one_folded_panel_come_back_as_lists(file: Path, tmp_path: Path) -> None:
    opened(file).remember(tmp_path / "a.toml")
    opened(file).set_folded(["Data"])
    assert opened(file).recent == (tmp_path / "a.toml",) and opened(file).folded() == ("Data",)


def test_that_a_theme_that_is_not_known_counts_as_the_system_s(file: Path) -> None:
    settings = opened(file)
    settings.theme = "dark"
    assert opened(file).theme == "dark"
    settings.theme = "mauve"
    assert opened(file).theme == "system"


def test_that_window_state_is_kept_and_missing_state_is_none(file: Path) -> None:
    assert opened(file).bytes("state") is None
    opened(file).set_bytes("state", QByteArray(b"\x00\x01state"))
    assert opened(file).bytes("state") == QByteArray(b"\x00\x01state")


SPOILT = (
    b"",
    b"\0" * 100,
    b"{",
    b"[]",
    b"null",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"\xff\xfe{\0}\0",
    b'{"recent": ' + b"9" * 5000 + b"}",
    b'{"theme": 1e999, "recent": "x", "folded": {"a": 1}, "recent-data": [1, null, [], {}]}',
    b'{"theme": [], "recent": [1, null, "a\\u0000b", "\\ud800"], "layout1/state": "*"}',
    b"[General]\ntheme=@Variant(\\0\\0\\0\\x7f)\n",
    pickle.dumps({"theme": "dark"}),
)


@pytest.mark.parametrize("content", SPOILT, ids=range(len(SPOILT)))
def test_that_a_damaged_file_counts_as_empty_and_is_replaced(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    settings = opened(file)
    assert settings.theme == "system" and settings.folded() == () and settings.recent_data == ()
    assert settings.bytes("state") is None and settings.bytes("geometry") is None
    assert all(path.name.isprintable() or not is_text(str(path)) for path in settings.recent)
    settings.theme = "dark"
    assert opened(file).theme == "dark"


def test_that_what_is_no_file_is_neither_read_nor_waited_for(tmp_path: Path) -> None:
    pipe, folder = tmp_path / "pipe", tmp_path / "folder"
    folder.mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(pipe)
    for path in (pipe, folder, folder / "\0", Path("/dev/zero")):
        assert opened(path).theme == "system"


def test_that_a_place_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = opened(tmp_path / "file" / "settings.json")
    settings.theme = "dark"
    assert settings.theme == "system"
