"""Writing files so that a kill or a power cut leaves either the old ones or the new ones, never a mixture.

One file is written beside the old one and takes its place by a rename. Several are written to
a folder of their own first; a journal that lists them is what makes them count, and from then on
readers find them there until each has been moved to its place, whoever does it.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from aegui.errors import OperationFailed

_TEMPORARY = ".writing-"  # begins the name of a file that has no place yet
_STAGE = ".together-"  # begins the name of the folder of several
_JOURNAL = ".together.json"
_LONGEST = 2**16  # bytes of a journal
_TRIES = 20  # at files that somebody else is replacing or reading
_STUBBORN = os.name == "nt"  # what somebody has open can be neither replaced nor removed there
_PAUSE = 0.05  # seconds between two tries at such a file


def write_atomic(path: Path, data: bytes) -> None:
    """Puts ``data`` in the place of a file, at once. Raises OperationFailed; the old file then stays."""
    with write_through(path) as file:
        file.write(data)


@contextlib.contextmanager
def write_through(path: Path) -> Iterator[BinaryIO]:
    """A file to be written piece by piece, which takes its place at the end.

    Raises OperationFailed for what goes wrong with the disk; after any exception the old file stays.
    """
    temporary = path.parent / f"{_TEMPORARY}{secrets.token_hex(8)}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _patiently(lambda: os.replace(temporary, path))
        _sync(path.parent)
    except OSError as error:
        raise OperationFailed(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_together(folder: Path, files: Mapping[str, bytes], gone: Collection[str] = ()) -> None:
    """Replaces several files of a folder at once, and takes away those in ``gone``.

    Names are relative, with ``/``. Only one process may write to a folder at a time. Raises
    OperationFailed; readers of :func:`read_together` then still find all of the old files, or, where the
    new ones were safe already, all of the new ones.
    """
    stage = folder / f"{_STAGE}{secrets.token_hex(8)}"
    try:
        finish_writing(folder)
        for name in (*files, *gone):
            _check_inside(folder, name)
        stage.mkdir(parents=True)
        for name, data in files.items():
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            _write(stage / name, data)
        journal = {"stage": stage.name, "files": [*files], "gone": [*gone]}
        _write(stage / _JOURNAL, json.dumps(journal).encode())
        for part in {folder, stage, *((stage / name).parent for name in files)}:
            _sync(part)
        _patiently(lambda: os.replace(stage / _JOURNAL, folder / _JOURNAL))
        _sync(folder)
        finish_writing(folder)
    except OSError as error:
        journalled = _journal(folder)
        if journalled is None or journalled.stage != stage.name:
            shutil.rmtree(stage, ignore_errors=True)
        raise OperationFailed(f"{folder}: cannot be written: {_reason(error)}") from None


def finish_writing(folder: Path) -> None:
    """Moves files to their places that a process has left on the way, or drops what it had not finished.

    Raises OSError.
    """
    journal = _journal(folder)
    if journal is not None:
        stage = folder / journal.stage
        for name in journal.files:
            if os.path.lexists(stage / name):
                _check_inside(stage, name)
                _check_inside(folder, name)
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                _patiently(partial(os.replace, stage / name, folder / name))
        for name in journal.gone:
            _check_inside(folder, name)
            _patiently(partial((folder / name).unlink, missing_ok=True))
        for part in {folder, *((folder / name).parent for name in (*journal.files, *journal.gone))}:
            _sync(part)
    if os.path.lexists(folder / _JOURNAL):
        _patiently((folder / _JOURNAL).unlink)
        _sync(folder)
    for left in folder.glob(f"{_STAGE}*"):
        folders = left.is_dir() and not left.is_symlink()
        _patiently(partial(shutil.rmtree, left) if folders else left.unlink)


def located(folder: Path, name: str) -> Path:
    """Where the contents of a file are that :func:`write_together` has written: there need not be any."""
    journal = _journal(folder)
    if journal is not None:
        staged = folder / journal.stage / name
        if name in journal.gone:
            return staged  # where nothing is
        if name in journal.files and os.path.lexists(staged):
            return staged
    return folder / name


def read_together(folder: Path, names: Collection[str], longest: int) -> dict[str, bytes]:
    """The contents of several files, all of them before or all after what :func:`write_together` does.

    One that is not there is left out. Raises OSError, also for what is no plain file or has more
    than ``longest`` bytes.
    """
    for _ in range(_TRIES):
        before = {name: _identity(located(folder, name)) for name in names}
        try:
            found = {name: read_plain(located(folder, name), longest) for name in names if before[name]}
        except (FileNotFoundError, BlockingIOError):  # it was moved or replaced between two looks
            continue
        except PermissionError:  # as long as it is being replaced
            if not _STUBBORN:
                raise
            time.sleep(_PAUSE)
            continue
        if before == {name: _identity(located(folder, name)) for name in names}:
            return found
    raise OSError(errno.EAGAIN, "is being written all the time", str(folder))


@dataclass(frozen=True)
class _Journal:
    """The names of files that wait for their place in a folder, and of those that are to go."""

    stage: str
    files: tuple[str, ...]
    gone: tuple[str, ...]


def _journal(folder: Path) -> _Journal | None:
    """What is on the way; None if nothing is, or if it did not get as far as to count."""
    try:
        found = json.loads(read_plain(folder / _JOURNAL, _LONGEST))
        stage, files, gone = str(found["stage"]), found["files"], found["gone"]
        journal = _Journal(stage, tuple(map(str, files)), tuple(map(str, gone)))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    sound = re.fullmatch(rf"{re.escape(_STAGE)}[0-9a-f]+", stage) and not os.path.islink(folder / stage)
    return journal if sound and all(map(_stays_below, (*journal.files, *journal.gone))) else None


def _stays_below(name: str) -> bool:
    parts = name.split("/")
    if not (name.isascii() and name.isprintable()):  # none of ours, and some are no names at all
        return False
    return not os.path.isabs(name) and not {"", ".", ".."} & set(parts) and "\\" not in name


def _check_inside(folder: Path, name: str) -> None:
    """A link in the place of a sub-folder would lead the file out of the folder."""
    for part in (folder / name).relative_to(folder).parents:
        if os.path.islink(folder / part) and part != Path():
            raise OSError(errno.EPERM, "must be a folder, is a link", str(folder / part))


def _identity(path: Path) -> tuple[int, ...]:
    """What tells a file from the one before it, and stays when it is moved; empty if there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def read_plain(path: Path, longest: int) -> bytes:
    """The contents of a file of at most ``longest`` bytes. Raises OSError, also for what is no plain file.

    Nothing else is opened: a pipe would keep its reader waiting, and a device has no end.
    """
    try:
        mode = path.stat().st_mode
    except ValueError as error:  # a name that no file can have
        raise OSError(errno.EINVAL, str(error), str(path)) from None
    if not stat.S_ISREG(mode):
        what = "is a folder" if stat.S_ISDIR(mode) else "is not a file"
        raise OSError(errno.EINVAL, what, str(path))
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > longest:
            raise OSError(errno.EFBIG, f"must be at most {longest:,} bytes, has {size:,}", str(path))
        data = file.read(size + 1)
    if len(data) > size:
        raise OSError(errno.EAGAIN, "grows while it is read", str(path))
    return data


def unfinished(folder: Path) -> list[Path]:
    """What processes that were killed have left of single files. Nobody may be writing to the folder."""
    return [*folder.glob(f"{_TEMPORARY}*")]


def _reason(error: OSError) -> str:
    """What went wrong, and with which file if that is known."""
    name = "" if error.filename is None else f"{Path(error.filename).name}: "
    return f"{name}{error.strerror or error}"


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _patiently(act: Callable[[], object]) -> None:
    """Replaces or removes a file, where need be as soon as nobody has it open any more."""
    for left in reversed(range(_TRIES if _STUBBORN else 1)):
        try:
            act()
            return
        except PermissionError:
            if not left:
                raise
            time.sleep(_PAUSE)


def _sync(folder: Path) -> None:
    """Makes renames in a folder last, on systems that know how."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:  # some network file systems cannot; the data themselves are safe
        pass
    finally:
        os.close(descriptor)
