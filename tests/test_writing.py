"""Files are replaced at once: after any failure the old one is still there, and nothing beside it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from aegui.errors import OperationFailed
from aegui.writing import write_atomic


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
