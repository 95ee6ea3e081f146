"""The log: a file that rotates, that processes share, and that never stands in the way."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest

from aegui import log
from aegui.log import Repeats, log_folder, logger, start, stop, write_failure


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    yield
    stop()


def _text() -> str:
    return (log_folder() / log.FILE).read_text(encoding="utf-8")


def test_that_an_entry_has_time_process_and_level() -> None:
    assert start() == ""
    logger.info("one “%s”", "ü")
    logger.warning("two")
    first, second = _text().splitlines()
    assert re.fullmatch(rf"\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ {os.getpid()} INFO one “ü”", first)
    assert second.endswith("WARNING two")


def test_that_nothing_is_written_or_printed_before_it_is_started(capfd: pytest.CaptureFixture[str]) -> None:
    logger.error("lost")
    assert not log_folder().exists() and capfd.readouterr() == ("", "")


def test_that_folders_are_not_written(tmp_path: Path) -> None:
    start()
    path = tmp_path.joinpath("gehe" + "im", "wanted.toml")
    try:
        path.read_bytes()
    except OSError as error:
        write_failure(error, f"cannot open {path}")
    text = _text()
    assert "geheim" not in text and text.count("wanted.toml") == 2 and "Traceback" in text
    assert str(tmp_path.parent) not in text


def test_that_an_entry_cannot_pass_for_another(tmp_path: Path) -> None:
    start()
    logger.info("named x\n2026-01-01 00:00:00,0 1 ERROR forged\u2028more\x1b[31m \udce9")
    lines = _text().split("\n")
    assert lines[1:] == ["    2026-01-01 00:00:00,0 1 ERROR forged", "    more�[31m \\udce9", ""]


def test_that_a_long_entry_keeps_its_ends() -> None:
    start()
    logger.info("begin" + "x" * 500_000 + "end")
    text = _text()
    assert "begin" in text and text.endswith("end\n") and len(text) < 21_000


def test_that_a_full_file_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_SIZE", 2000)
    start()
    for number in range(200):
        logger.info("entry %d", number)
    files = sorted(p.name for p in log_folder().iterdir() if p.suffix != ".lock")
    assert files == ["aegui.log", "aegui.log.1", "aegui.log.2"]
    assert all((log_folder() / name).stat().st_size <= 2000 for name in files)
    assert "entry 199" in _text()


CODE = """
import sys
from aegui import log
log._SIZE = 20_000
log._OLDER = 1000
assert log.start() == ""
print("ready", flush=True)
sys.stdin.readline()
for number in range(300):
    log.logger.info("from %s entry %d of many words to fill the file", sys.argv[1], number)
"""


def test_that_processes_that_write_at_once_lose_nothing() -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", CODE, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("a", "b")
    ]
    for writer in writers:
        assert writer.stdout is not None and writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    assert [writer.communicate()[1] for writer in writers] == ["", ""]
    files = list(log_folder().glob("aegui.log*"))
    assert len(files) > 2
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    entries = Counter(line.partition("INFO ")[2] for line in lines)
    wanted = [f"from {n} entry {i} of many words to fill the file" for n in "ab" for i in range(300)]
    assert entries == Counter(wanted)


def test_that_a_process_that_holds_the_lock_and_is_stopped_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from filelock import FileLock

    monkeypatch.setattr(log, "_PATIENCE", 0.05)
    monkeypatch.setattr(log, "_SIZE", 10)
    start()
    with FileLock(log_folder() / "aegui.lock"):
        logger.info("first")
        logger.info("second")
    assert len(_text().splitlines()) == 2 and not list(log_folder().glob("aegui.log.*"))


@pytest.mark.parametrize("kind", ["a file", "in a file"])
def test_that_a_folder_that_cannot_be_used_is_told_and_no_more(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("AEGUI_LOG", str(tmp_path / "file" / ("inside" if kind == "in a file" else "")))
    assert "the log cannot be written" in start()
    logger.error("lost")
    write_failure(ValueError("lost"), "lost")


def test_that_a_folder_that_vanishes_holds_nobody_up(capfd: pytest.CaptureFixture[str]) -> None:
    start()
    folder = log_folder()
    logger.info("one")
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.write_bytes(b"")
    logger.info("two")
    folder.unlink()
    logger.info("three")
    assert _text().endswith("three\n") and capfd.readouterr() == ("", "")


@pytest.mark.skipif(os.name != "posix", reason="limits are a matter of POSIX")
def test_that_a_full_disk_holds_nobody_up(capfd: pytest.CaptureFixture[str]) -> None:
    """A limit of this process stands for the end of the disk."""
    import resource

    start()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        for _ in range(20):
            logger.info("words that fill the disk")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    logger.info("room again")
    assert _text().endswith("room again\n") and capfd.readouterr() == ("", "")


def test_that_a_failure_is_written_where_nobody_has_started_the_log() -> None:
    write_failure(ValueError("odd"), "a fault")
    assert "ERROR a fault\n    ValueError: odd\n" in _text()
    assert not any(isinstance(handler, RotatingFileHandler) for handler in logger.handlers)


def test_that_the_place_is_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AEGUI_LOG")
    assert log_folder().is_absolute() and "aegui" in log_folder().parts


def test_that_what_comes_again_is_told_ever_more_seldom() -> None:
    repeats = Repeats()
    assert [n for _ in range(20) if (n := repeats.count("a"))] == [1, 2, 4, 8, 16]
    assert repeats.count("b") == 1
