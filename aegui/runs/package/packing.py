"""Packs a run or an experiment into one file."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from aegui.data.archives import LARGEST_DIRECTORY, PIECE
from aegui.errors import InvalidInput, OperationFailed
from aegui.runs.names import CHECKPOINT, EXPERIMENT, FRAMES
from aegui.runs.package.contents import (
    ALSO_OF_RUN,
    LARGEST_MANIFEST,
    MANIFEST,
    MOST_FILES,
    OF_RUN,
    Contents,
    Entry,
    Kind,
    read_contents,
    wrong_name,
)
from aegui.runs.package.moving import files_of, moved_checkpoint, moved_frames, names_of
from aegui.runs.reading import read_files
from aegui.spec import Experiment, dumps
from aegui.spec.files import loads_at, with_absolute_paths, with_paths
from aegui.writing import write_through

_PACKED = (".npz", ".gz", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".safetensors")  # do not get smaller
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same contents give the same file
_UNIX = 3  # what the zip says that it was made on, wherever that was
_DIRECTORY_ENTRY = 100  # bytes beside the name, at most

Check = Callable[[int, int], None]  # bytes packed and bytes in all; may raise to end it


def _go_on(_done: int, _total: int) -> None:
    """The check that never ends anything."""


def pack_run(run: Path, path: Path, *, data: bool = False, check: Check = _go_on) -> Contents:
    """Packs a run on disk, with its data if they are files of one's own and ``data`` asks for them.

    Raises InvalidInput if the run cannot be read, OperationFailed if the package cannot be written.
    """
    files = dict(read_files(run, OF_RUN, optional=ALSO_OF_RUN))
    experiment = loads_at(files[EXPERIMENT], run / EXPERIMENT)
    move = names_of(experiment).__getitem__
    files[CHECKPOINT] = moved_checkpoint(files[CHECKPOINT], move, str(run / CHECKPOINT))
    if FRAMES in files:
        files[FRAMES] = moved_frames(files[FRAMES], move, str(run / FRAMES))
    return _pack("run", experiment, files, path, data, check)


def pack_experiment(
    experiment: Experiment, path: Path, *, data: bool = False, check: Check = _go_on
) -> Contents:
    """Packs an experiment alone, or with its data. Raises OperationFailed, InvalidInput."""
    return _pack("experiment", with_absolute_paths(experiment, Path.cwd()), {}, path, data, check)


def data_size(experiment: Experiment) -> int:
    """Bytes of the files that an experiment reads; 0 for a data set that has a name. Raises InvalidInput."""
    return sum(found.size for found in _data_of(experiment))


def _pack(
    kind: Kind, experiment: Experiment, files: dict[str, bytes], path: Path, data: bool, check: Check
) -> Contents:
    files[EXPERIMENT] = dumps(with_paths(experiment, names_of(experiment).__getitem__)).encode()
    found = {file.name: file for file in _data_of(experiment)} if data else {}
    meter = _Meter(sum(map(len, files.values())) + sum(f.size for f in found.values()), check)
    entries = {name: Entry(len(c), hashlib.sha256(c).hexdigest()) for name, c in files.items()}
    entries |= {name: Entry(file.size, _hashed(file, meter)) for name, file in found.items()}
    contents = Contents(kind, experiment.title, entries)
    _check_readable(contents, path)
    with write_through(path) as out, zipfile.ZipFile(out, "w") as archive:
        archive.writestr(_info(MANIFEST), contents.text())
        for name, held in files.items():
            archive.writestr(_info(name), held)
            meter.count(len(held))
        for file in found.values():
            _add(archive, file, entries[file.name], meter)
    return contents


def _check_readable(contents: Contents, path: Path) -> None:
    """Whoever gets a package has to be able to open it."""
    text = contents.text().encode()
    directory = sum(len(name.encode()) + _DIRECTORY_ENTRY for name in contents.files)
    if len(text) > LARGEST_MANIFEST or directory > LARGEST_DIRECTORY:
        raise InvalidInput(f"{path}: cannot be packed: there are too many files, {len(contents.files):,}")
    read_contents(text, str(path))


@dataclass(frozen=True)
class _File:
    """A file of data and its name in the package."""

    path: Path
    name: str
    size: int


class _Meter:
    """Counts bytes."""

    def __init__(self, total: int, check: Check) -> None:
        self._done, self._total, self._check = 0, total, check

    def count(self, number: int) -> None:
        """So many more."""
        self._done += number
        self._check(self._done, self._total)


def _data_of(experiment: Experiment) -> list[_File]:
    found: list[_File] = []
    for path, inside in names_of(experiment).items():
        for file, below in files_of(Path(path)):
            name = f"{inside}/{below}".rstrip("/")
            if (reason := wrong_name(name)) is not None:
                raise InvalidInput(f"{file}: cannot be packed: its name {reason}; rename it")
            found.append(_File(file, name, _size(file)))
            if len(found) > MOST_FILES:
                raise InvalidInput(f"{path}: must hold at most {MOST_FILES:,} files to be packed")
    return found


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be packed: {error.strerror or error}") from None


def _blocks(file: _File) -> Iterator[bytes]:
    try:
        with file.path.open("rb") as opened:
            while block := opened.read(PIECE):
                yield block
    except OSError as error:
        raise OperationFailed(f"{file.path}: cannot be read: {error.strerror or error}") from None


def _hashed(file: _File, meter: _Meter) -> str:
    found = hashlib.sha256()
    for block in _blocks(file):
        found.update(block)
        meter.count(0)
    return found.hexdigest()


def _add(archive: zipfile.ZipFile, file: _File, entry: Entry, meter: _Meter) -> None:
    found, length = hashlib.sha256(), 0
    with archive.open(_info(file.name, entry.size), "w") as out:
        for block in _blocks(file):
            length += len(block)
            if length > entry.size:
                break
            found.update(block)
            out.write(block)
            meter.count(len(block))
    if length != entry.size or found.hexdigest() != entry.sha256:
        raise OperationFailed(f"{file.path}: has changed while it was packed; try again")


def _info(name: str, size: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_STORED if name.lower().endswith(_PACKED) else zipfile.ZIP_DEFLATED
    info.create_system = _UNIX
    info.external_attr = 0o644 << 16
    info.file_size = size
    return info
