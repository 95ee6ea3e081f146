"""Files are replaced at once: after any failure the old ones are still there, and nothing beside them."""

from __future__ import annotations

import errno
import itertools
import json
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from faulty_disk import ERRORS, FaultyDisk, killed, operations

import aegui.writing
from aegui.errors import OperationFailed
from aegui.writing import finish_writing, read_together, write_atomic, write_together


def test_that_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "deeper" / "file"
    write_atomic(path, b"old")
    write_atomic(path, b"new")
    assert path.read_bytes() == b"new"
    assert [p.name for p in path.parent.iterdir()] == ["file"]


@pytest.mark.skipif(os.name != "posix", reason="limits are a matter of POSIX")
def test_that_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """A limit of this process stands for the end of the disk."""
    import resource

    path = tmp_path / "file"
    write_atomic(path, b"old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(OperationFailed, match=r"file: cannot be written: File too large$"):
            write_atomic(path, b"new" * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.read_bytes() == b"old" and [*tmp_path.iterdir()] == [path]


def test_that_a_folder_cannot_be_replaced_by_a_file(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OperationFailed, match="folder: cannot be written"):
        write_atomic(tmp_path / "folder", b"new")
    assert [*tmp_path.iterdir()] == [tmp_path / "folder"]


def test_that_a_file_cannot_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OperationFailed, match="cannot be written"):
        write_atomic(tmp_path / "file" / "inside", b"new")


@pytest.mark.skipif(os.name != "posix", reason="permissions are a matter of POSIX")
@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_that_permissions_follow_the_umask(tmp_path: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        write_atomic(tmp_path / "file", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == mode


OLD = {"state": b"old" * 50, "deep/history": b"old", "gone": b"old", "deep/kept": b"kept"}
NEW = {"state": b"new" * 99, "deep/history": b"new", "deep/er/first": b"new"}
AFTER = NEW | {"deep/kept": b"kept"}
NAMES = (*OLD, "deep/er/first")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    write_together(folder, OLD)
    return folder


def found(folder: Path) -> dict[str, bytes]:
    """What readers find, which has to be what lies there once somebody has finished it."""
    seen = read_together(folder, NAMES, 1000)
    finish_writing(folder)
    lying = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert lying == seen
    return seen


def renew(folder: Path) -> None:
    write_together(folder, NEW, ["gone"])


def test_that_several_files_are_replaced_together(folder: Path) -> None:
    assert found(folder) == OLD
    renew(folder)
    assert found(folder) == AFTER
    renew(folder)  # what is to go may be gone already
    assert found(folder) == AFTER


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the process is killed as a copy of this one")
@pytest.mark.parametrize("power_cut", [False, True], ids=["kill", "power cut"])
def test_that_a_kill_at_any_operation_leaves_old_or_new(tmp_path: Path, power_cut: bool) -> None:
    outcomes, at = [], 0
    while True:
        folder = tmp_path / str(at)
        write_together(folder, OLD)
        if not killed(folder, at, lambda: renew(folder), power_cut=power_cut):  # noqa: B023
            break
        outcomes.append(found(folder) == AFTER)
        assert outcomes[-1] or found(folder) == OLD
        renew(folder)
        assert found(folder) == AFTER
        at += 1
    assert len(outcomes) > 20
    assert outcomes == sorted(outcomes) and len({*outcomes}) == 2  # old up to one operation, then new


@pytest.mark.parametrize("stays", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("error", ERRORS, ids=errno.errorcode.get)
def test_that_a_failure_of_any_operation_leaves_old_or_new(
    tmp_path: Path, folder: Path, error: int, stays: bool
) -> None:
    total = operations(folder, lambda: renew(folder))
    assert total > 20
    for at in range(total):
        folder = tmp_path / str(at)
        write_together(folder, OLD)
        with FaultyDisk(folder, at, error, stays=stays).mounted() as disk:
            try:
                renew(folder)
            except OperationFailed as failure:
                assert str(folder) in str(failure) and len(str(failure).splitlines()) == 1
        assert disk.failed
        assert found(folder) in (OLD, AFTER)
        renew(folder)
        assert found(folder) == AFTER


def test_that_a_kill_while_finishing_can_be_finished_again(tmp_path: Path) -> None:
    """Killed as soon as the new files count, and then at every operation of finishing."""

    def begun(folder: Path, at: int) -> bool:
        write_together(folder, OLD)
        assert killed(folder, at, lambda: renew(folder))
        return read_together(folder, NAMES, 1000) == AFTER

    counts = next(at for at in itertools.count() if begun(tmp_path / f"begun-{at}", at))
    at = 0
    while True:
        folder = tmp_path / str(at)
        assert begun(folder, counts)
        if not killed(folder, at, lambda: finish_writing(folder)):  # noqa: B023
            break
        assert found(folder) == AFTER
        at += 1
    assert at > 8


def test_that_a_reader_beside_a_writer_never_sees_a_mixture(folder: Path) -> None:
    ended = threading.Event()

    def write() -> None:
        for number in range(150):
            write_together(folder, {"a": b"x" * number, "deep/b": b"x" * number}, ["gone"])
        ended.set()

    write_together(folder, {"a": b"", "deep/b": b""})
    thread = threading.Thread(target=write)
    thread.start()
    reads = 0
    while not ended.is_set():
        seen = read_together(folder, ("a", "deep/b"), 1000)
        assert seen["a"] == seen["deep/b"]
        reads += 1
    thread.join()
    assert reads > 10


@pytest.mark.skipif(os.name != "posix", reason="links are a matter of POSIX")
@pytest.mark.parametrize("name", ["deep", ".together-00"])
def test_that_links_do_not_lead_out_of_the_folder(tmp_path: Path, name: str) -> None:
    folder, outside = tmp_path / "folder", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (outside / "history").write_bytes(b"mine")
    (folder / name).symlink_to(outside)
    if name == "deep":
        with pytest.raises(OperationFailed, match="folder: cannot be written: deep: must be a folder, is a"):
            write_together(folder, {"deep/history": b"new"})
    else:
        write_together(folder, {"deep/history": b"new"})
    assert [(p.name, p.read_bytes()) for p in outside.iterdir()] == [("history", b"mine")]


@pytest.mark.parametrize("name", ["../outside", "/outside", "a/../../outside", "..\\outside", "a//b"])
def test_that_a_journal_that_leads_out_of_the_folder_is_none(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "folder"
    (tmp_path / "outside").write_bytes(b"mine")
    for stage, files, gone in ((".together-00", [name], []), (".together-00", [], [name]), (name, [], [])):
        (folder / ".together-00").mkdir(parents=True)
        (folder / ".together.json").write_text(json.dumps({"stage": stage, "files": files, "gone": gone}))
        finish_writing(folder)
        assert (tmp_path / "outside").read_bytes() == b"mine" and not [*folder.iterdir()]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are a matter of POSIX")
def test_that_a_pipe_or_a_giant_is_not_read(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    with pytest.raises(OSError, match="is not a file"):
        read_together(folder, ["pipe"], 1000)
    with pytest.raises(OSError, match="must be at most 10 bytes, has 150"):
        read_together(folder, ["state"], 10)


class Busy:
    """A system where a file cannot be replaced or removed for as long as somebody reads it."""

    def __init__(self, name: str, times: int) -> None:
        self.name, self.left = name, times

    def of(self, function: Callable[..., Any], last: int) -> Callable[..., Any]:
        def act(*arguments: Any, **options: Any) -> Any:
            if Path(arguments[last]).name == self.name and self.left:
                self.left -= 1
                raise PermissionError(errno.EACCES, "is used by another process", str(arguments[last]))
            return function(*arguments, **options)

        return act


@pytest.mark.parametrize("name", ["state", ".together.json", "gone", "history"])
def test_that_writing_waits_for_readers_where_it_has_to(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(aegui.writing, "_STUBBORN", True)
    monkeypatch.setattr(aegui.writing, "_PAUSE", 0.001)
    busy = Busy(name, 5)
    monkeypatch.setattr(os, "replace", busy.of(os.replace, 1))
    monkeypatch.setattr(os, "unlink", busy.of(os.unlink, 0))
    renew(folder)
    assert busy.left == 0 and found(folder) == AFTER


def test_that_it_does_not_wait_for_ever(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aegui.writing, "_STUBBORN", True)
    monkeypatch.setattr(aegui.writing, "_PAUSE", 0.001)
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", Busy("state", 10**9).of(os.replace, 1))
        with pytest.raises(OperationFailed, match="state: is used by another process"):
            renew(folder)
    assert read_together(folder, NAMES, 1000) == AFTER  # they were safe already
    assert found(folder) == AFTER
