"""One holder at a time, whatever happens to the file that is locked."""

from __future__ import annotations

import contextlib
import shutil
import threading
from pathlib import Path

import pytest

from aegui.errors import OperationFailed
from aegui.runs.lock import LOCK, Lock


def test_that_one_holds_it_until_it_lets_go(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "run"), Lock(tmp_path / "run")
    assert first.take() and first.take() and first.held
    assert not second.take() and not second.held
    first.release()
    assert [*(tmp_path / "run").iterdir()] == []
    assert second.take()


def test_that_a_file_that_a_killed_process_has_left_locks_nobody_out(tmp_path: Path) -> None:
    (tmp_path / LOCK).touch()
    lock = Lock(tmp_path)
    assert lock.take()
    lock.release()
    assert [*tmp_path.iterdir()] == []


def test_that_a_lock_whose_folder_has_vanished_is_taken_again(tmp_path: Path) -> None:
    lock, other = Lock(tmp_path / "run"), Lock(tmp_path / "run")
    assert lock.take()
    shutil.rmtree(tmp_path / "run")
    assert lock.take() and not other.take()


def test_that_who_was_quicker_after_that_keeps_it(tmp_path: Path) -> None:
    lock, other = Lock(tmp_path / "run"), Lock(tmp_path / "run")
    assert lock.take()
    shutil.rmtree(tmp_path / "run")
    assert other.take()
    assert not lock.take() and not lock.held
    lock.release()
    assert (tmp_path / "run" / LOCK).exists() and not Lock(tmp_path / "run").take()


def test_that_releasing_spares_the_file_of_who_was_quicker(tmp_path: Path) -> None:
    lock, other = Lock(tmp_path / "run"), Lock(tmp_path / "run")
    assert lock.take()
    shutil.rmtree(tmp_path / "run")
    assert other.take()
    lock.release()
    assert (tmp_path / "run" / LOCK).exists()


def test_that_a_place_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OperationFailed, match="run: cannot be written: Not a directory"):
        Lock(tmp_path / "file" / "run").take()


def test_that_folders_that_others_remove_meanwhile_are_made_again(tmp_path: Path) -> None:
    """Four threads take and leave the same place; at no time do two of them have it."""
    inside: list[int] = []
    overlaps: list[int] = []

    def visit(number: int) -> None:
        for _ in range(100):
            lock = Lock(tmp_path / "run")
            try:
                taken = lock.take()
            except OperationFailed:  # it was removed three times in a row
                continue
            if taken:
                inside.append(number)
                overlaps.extend([number] * (len(inside) - 1))
                inside.remove(number)
                lock.release()
                with contextlib.suppress(OSError):  # somebody else is in already
                    (tmp_path / "run").rmdir()

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert overlaps == [] and not (tmp_path / "run").exists()
