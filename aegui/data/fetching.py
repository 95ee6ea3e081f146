"""Brings the files of a named data set from their official address into the cache of this machine."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from aegui.data.archives import DAMAGES, opened_archive, opened_member
from aegui.data.entry import Entry, File
from aegui.data.fetching_patience import FetchStopped, Patience
from aegui.errors import OperationFailed

Progress = Callable[[int, int], None]  # bytes that are there, bytes of all files; 0 if not known
Cancelled = Callable[[], bool]

_LARGEST_MEMBER = 2**28  # bytes; the largest that is wanted has 36 million
_REPORT_EVERY = 0.05  # seconds
_PATIENCE = Patience()
_UNUSABLE = (*DAMAGES, KeyError, ValueError, OverflowError, RuntimeError)  # what an archive may raise


def cache_folder() -> Path:
    """Where fetched files are kept: ``AEGUI_DATA``, or the user's cache folder."""
    chosen = os.environ.get("AEGUI_DATA")
    return Path(chosen) if chosen else platformdirs.user_cache_path("aegui", appauthor=False) / "data"


def kept_files(entry: Entry) -> tuple[Path, ...]:
    """The files that a fetched data set consists of, archives unpacked."""
    folder = cache_folder() / entry.name
    return tuple(folder / name for file in entry.files for name in (file.members or (file.name,)))


def is_fetched(entry: Entry) -> bool:
    """Whether every file is there; of a set that needs none, always."""
    folder = cache_folder() / entry.name
    return all(
        all(_is_there(folder / name, None) for name in file.members)
        if file.members
        else _is_there(folder / file.name, file.size)
        for file in entry.files
    )


def fetch(
    entry: Entry,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    *,
    patience: Patience = _PATIENCE,
) -> Path:
    """Fetches what is missing, checks it and returns its folder; what is there and right is kept.

    A broken download leaves its beginning, from which the next one goes on. ``progress`` is called
    at most twenty times a second; ``cancelled`` is asked from a thread of its own, too. Raises
    OperationFailed, as FetchStopped if it was cancelled.
    """
    folder = cache_folder() / entry.name
    meter = _Meter(entry, progress)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in entry.files:
            with _alone(folder / f".{file.name}.lock", cancelled or _never):
                _fetch(file, folder, meter, cancelled or _never, patience)
            meter.next()
    except OSError as error:
        raise OperationFailed(f"{folder}: cannot be written: {error.strerror or error}") from None
    return folder


def _fetch(file: File, folder: Path, meter: _Meter, cancelled: Cancelled, patience: Patience) -> None:
    if file.members and all(_is_there(folder / name, None) for name in file.members):
        return
    import pooch  # which loads requests: a tenth of a second that other calls need not wait for

    from aegui.data.fetching_http import Transfer

    kept, part = folder / file.name, folder / f"{file.name}.part"
    _check_plain(part, part.with_name(f"{part.name}.tag"), *([kept] if not kept.is_file() else []))

    def download(_url: str, target: str, _pooch: object) -> None:
        Transfer(file, part, patience, meter.within_file, cancelled).run()
        os.replace(part, target)

    pooch.get_logger().setLevel("ERROR")
    known = {file.name: file.checksum or None}
    store = pooch.create(folder, base_url="", registry=known, urls={file.name: file.url})
    try:
        archive = Path(store.fetch(file.name, downloader=download))
    except ValueError:  # of the checksum; what was fetched is gone
        raise OperationFailed(
            f"{file.name}: came damaged from {urlsplit(file.url).hostname} and was deleted: its checksum is"
            " not the published one; please try again"
        ) from None
    if file.members:
        _unpack(archive, file.members)


def _unpack(archive: Path, members: tuple[str, ...]) -> None:
    """Keeps the members with these names, wherever in the archive they stand, and deletes the archive."""
    try:
        with opened_archive(archive) as opened:
            found = {info.filename.rpartition("/")[2]: info for info in opened.infolist()}
            for name in members:
                _extract(opened, found[name], archive.parent / name)
    except _UNUSABLE:
        archive.unlink(missing_ok=True)
        names = ", ".join(members)
        raise OperationFailed(
            f"{archive.name}: is not an archive with {names}, and was deleted; please try again"
        ) from None
    archive.unlink()


def _extract(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> None:
    if info.file_size > _LARGEST_MEMBER:
        raise ValueError(info.filename)
    temporary = target.with_name(f"{target.name}.part")
    _check_plain(temporary)
    with opened_member(archive, info) as source, temporary.open("wb") as file:
        shutil.copyfileobj(source, file)  # zipfile compares the checksum at the end
    os.replace(temporary, target)


@contextlib.contextmanager
def _alone(path: Path, cancelled: Cancelled) -> Iterator[None]:
    """Waits until no other process or thread fetches the same file."""
    import filelock

    lock = filelock.FileLock(path)
    while True:
        try:
            lock.acquire(timeout=_REPORT_EVERY, poll_interval=_REPORT_EVERY)
            break
        except filelock.Timeout:
            if cancelled():
                raise FetchStopped(f"{path.parent.name}: stopped while another aegui fetches it") from None
    try:
        yield
    finally:
        lock.release()


class _Meter:
    """Adds up the files of a data set, and reports now and then."""

    def __init__(self, entry: Entry, progress: Progress | None) -> None:
        self._sizes = [file.size for file in entry.files]
        self._file, self._progress, self._last = 0, progress, 0.0

    def within_file(self, done: int, total: int | None) -> None:
        """Reports bytes of the current file; the server may know a size that was not published."""
        if self._sizes[self._file] is None:
            self._sizes[self._file] = total
        now, whole = time.monotonic(), done == total
        if self._progress is not None and (whole or now - self._last >= _REPORT_EVERY):
            self._last = now
            before = sum(size or 0 for size in self._sizes[: self._file])
            known = None not in self._sizes
            self._progress(before + done, sum(size or 0 for size in self._sizes) if known else 0)

    def next(self) -> None:
        """The file is there."""
        self._file += 1


def _is_there(path: Path, size: int | None) -> bool:
    """Whether it is a file of this size, or with anything in it where the size is not known."""
    try:
        status = path.stat()
    except OSError:
        return False
    right = status.st_size == size if size is not None else status.st_size > 0
    return right and stat.S_ISREG(status.st_mode)


def _check_plain(*paths: Path) -> None:
    """Raises OperationFailed where something else than a file stands in the way of one.

    A pipe would be waited for, and through a link something elsewhere would be written.
    """
    for path in paths:
        if os.path.lexists(path) and not stat.S_ISREG(path.lstat().st_mode):
            raise OperationFailed(f"{path}: is no file but a folder, a link or a device; take it away")


def _never() -> bool:
    return False
