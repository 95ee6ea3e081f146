"""A disk that fails, or a machine that stops, at a chosen operation on the files of one folder.

Operations are those that change something: making and removing files and folders, writing,
waiting until written, renaming. They are the real ones of the system until the chosen one.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_FOLDERS = ("mkdir", "rmdir", "unlink", "remove")
ERRORS = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES, errno.ESTALE)


class FaultyDisk:
    """Counts operations below ``root``; at number ``at`` raises ``error``, or ends the process without one.

    ``power_cut`` empties what was written and not waited for, as a machine that loses its power may.
    Once it has failed, it goes on failing if ``stays`` is set, as a full or vanished disk does.
    """

    def __init__(
        self,
        root: Path,
        at: int = -1,
        error: int | None = None,
        *,
        stays: bool = False,
        power_cut: bool = False,
    ) -> None:
        self.root, self.at, self.error = os.fspath(root), at, error
        self.stays, self.power_cut = stays, power_cut
        self.count = 0
        self.failed: list[str] = []
        self._unsynced: dict[int, str] = {}  # descriptor -> path

    def step(self, what: str, path: object) -> None:
        """One operation."""
        number, self.count = self.count, self.count + 1
        if number == self.at or (self.stays and self.failed):
            self.failed.append(f"{what} {path}")
            if self.error is not None:
                raise OSError(self.error, os.strerror(self.error), str(path))
            if self.power_cut:
                for lost in self._unsynced.values():
                    os.truncate(lost, 0)
            os.kill(os.getpid(), signal.SIGKILL)

    def concerns(self, path: object) -> bool:
        """Whether a path lies below ``root``."""
        if isinstance(path, int):
            return path in self._unsynced
        return os.path.abspath(os.fspath(path)).startswith(self.root)  # type: ignore[call-overload]

    @contextmanager
    def mounted(self) -> Iterator[FaultyDisk]:
        """In between, files below ``root`` are on this disk."""
        before = {name: getattr(os, name) for name in (*_FOLDERS, "replace", "rename", "fsync")}
        opened = io.open
        for name in _FOLDERS:
            setattr(os, name, self._counted(name, before[name]))
        for name in ("replace", "rename"):
            setattr(os, name, self._counted(name, before[name], last=1))
        os.fsync = self._fsync(before["fsync"])
        io.open = builtins.open = self._open(opened)  # type: ignore[assignment]
        try:
            yield self
        finally:
            for name, function in before.items():
                setattr(os, name, function)
            io.open = builtins.open = opened

    def _counted(self, name: str, function: Callable[..., Any], last: int = 0) -> Callable[..., Any]:
        def counted(*arguments: Any, **options: Any) -> Any:
            if options.get("dir_fd") is not None or self.concerns(arguments[last]):
                self.step(name, arguments[last])
            return function(*arguments, **options)

        return counted

    def _fsync(self, function: Callable[[int], None]) -> Callable[[int], None]:
        def fsync(descriptor: int) -> None:
            if descriptor in self._unsynced:
                self.step("fsync", self._unsynced[descriptor])
                del self._unsynced[descriptor]
            function(descriptor)

        return fsync

    def _open(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def opened(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
            if not (set(mode) & set("wxa+")) or isinstance(file, int) or not self.concerns(file):
                return function(file, mode, *arguments, **options)
            self.step("open", file)
            real = function(file, mode, *arguments, **options)
            self._unsynced[real.fileno()] = os.fspath(file)
            return _Written(real, self, os.fspath(file))

        return opened


class _Written:
    """A file whose writing is an operation: of a failed one, half has been written."""

    def __init__(self, file: Any, disk: FaultyDisk, path: str) -> None:
        self._file, self._disk, self._path = file, disk, path

    def write(self, data: bytes) -> int:
        self._file.write(data[: len(data) // 2])
        self._file.flush()
        self._disk.step("write", self._path)
        self._file.write(data[len(data) // 2 :])
        return len(data)

    def __enter__(self) -> _Written:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def operations(root: Path, work: Callable[[], object]) -> int:
    """How many operations ``work`` takes below ``root``."""
    with FaultyDisk(root).mounted() as disk:
        work()
    return disk.count


def killed(root: Path, at: int, work: Callable[[], object], *, power_cut: bool = False) -> bool:
    """Does ``work`` in a process of its own that is killed at an operation; whether it came to that."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            with FaultyDisk(root, at, power_cut=power_cut).mounted():
                work()
            status = 0
        finally:
            os._exit(status)
    _, how = os.waitpid(child, 0)
    if os.WIFSIGNALED(how):
        return True
    assert os.WEXITSTATUS(how) == 0, "the work itself failed"
    return False
