"""Packs a run or an experiment into one file."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from aegui.errors import InvalidInput, OperationFailed
from aegui.runs.names import CHECKPOINT, EXPERIMENT, FRAMES
from aegui.runs.package.contents import (
    ALSO_OF_RUN,
    LARGEST,
    MANIFEST,
    MOST_FILES,
    OF_RUN,
    Contents,
    Entry,
    Kind,
    wrong_name,
)
from aegui.runs.package.moving import (
    files_below,
    moved,
    moved_checkpoint,
    moved_frames,
    names_of,
    paths_of,
)
from aegui.runs.reading import read_files
from aegui.spec import Experiment, dumps
from aegui.spec.files import loads_at
from aegui.writing import write_through

_BLOCK = 2**20  # bytes
_PACKED = (".npz", ".gz", ".png", ".jpg", ".jpeg", ".safetensors")  # do not get smaller
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same contents give the same file

Check = Callable[[int, int], None]  # bytes packed and bytes in all; may raise to end it


def pack_run(
    run: Path, path: Path, *, data: bool = False, check: Check = lambda _done, _all: None
) -> Contents:
    """Packs a run on disk, with its data if they are files of one's own and ``data`` asks for them.

    Raises InvalidInput if the run cannot be read, OperationFailed if the package cannot be written.
    """
    files = dict(read_files(run, OF_RUN, optional=ALSO_OF_RUN))
    experiment = loads_at(files[EXPERIMENT], run / EXPERIMENT)
    move = names_of(paths_of(experiment)).__getitem__
    files[CHECKPOINT] = moved_checkpoint(files[CHECKPOINT], move, str(run / CHECKPOINT))
    if FRAMES in files:
        files[FRAMES] = moved_frames(files[FRAMES], move, str(run / FRAMES))
    return _pack("run", experiment, files, path, data, check)


def pack_experiment(
    experiment: Experiment, path: Path, *, data: bool = False, check: Check = lambda _done, _all: None
) -> Contents:
    """Packs an experiment alone, or with its data. Raises OperationFailed, InvalidInput."""
    return _pack("experiment", experiment, {}, path, data, check)


def data_size(experiment: Experiment) -> int:
    """Bytes of the files that an experiment reads; 0 for a data set that has a name. Raises InvalidInput."""
    return sum(found.size for found in _data_of(experiment))


def _pack(
    kind: Kind, experiment: Experiment, files: dict[str, bytes], path: Path, data: bool, check: Check
) -> Contents:
    move = names_of(paths_of(experiment)).__getitem__
    files[EXPERIMENT] = dumps(moved(experiment, move)).encode()
    found = {file.name: file for file in _data_of(experiment)} if data else {}
    meter = _Meter(sum(map(len, files.values())) + sum(f.size for f in found.values()), check)
    entries = {name: Entry(len(c), hashlib.sha256(c).hexdigest()) for name, c in files.items()}
    entries |= {name: Entry(file.size, _hashed(file)) for name, file in found.items()}
    contents = Contents(kind, experiment.title, entries)
    with write_through(path) as out, zipfile.ZipFile(out, "w") as archive:
        archive.writestr(_info(MANIFEST), contents.text())
        for name, held in files.items():
            archive.writestr(_info(name), held)
            meter.count(len(held))
        for file in found.values():
            _add(archive, file, entries[file.name], meter)
    return contents


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
    paths = paths_of(experiment)
    names = names_of(paths)
    found: list[_File] = []
    for path in paths:
        for file, below in _readable(path):
            name = f"{names[os.fspath(path)]}/{below}".rstrip("/")
            if (reason := wrong_name(name)) is not None:
                raise InvalidInput(f"{file}: cannot be packed: its name {reason}; rename it")
            found.append(_File(file, name, file.stat().st_size))
            if len(found) > MOST_FILES:
                raise InvalidInput(f"{path}: must hold at most {MOST_FILES:,} files to be packed")
    if (size := sum(file.size for file in found)) > LARGEST:
        raise InvalidInput(
            f"the data must be at most {LARGEST / 1e9:.0f} GB to be packed, are {size / 1e9:.0f}"
        )
    return found


def _readable(path: Path) -> Iterator[tuple[Path, str]]:
    if not path.exists():
        raise InvalidInput(f"{path}: cannot be packed: there is no such file or folder")
    yield from files_below(path)


def _blocks(file: _File) -> Iterator[bytes]:
    try:
        with file.path.open("rb") as opened:
            while block := opened.read(_BLOCK):
                yield block
    except OSError as error:
        raise OperationFailed(f"{file.path}: cannot be read: {error.strerror or error}") from None


def _hashed(file: _File) -> str:
    found = hashlib.sha256()
    for block in _blocks(file):
        found.update(block)
    return found.hexdigest()


def _add(archive: zipfile.ZipFile, file: _File, entry: Entry, meter: _Meter) -> None:
    found = hashlib.sha256()
    with archive.open(_info(file.name, entry.size), "w") as out:
        for block in _blocks(file):
            found.update(block)
            out.write(block)
            meter.count(len(block))
    if found.hexdigest() != entry.sha256:
        raise OperationFailed(f"{file.path}: has changed while it was packed; try again")


def _info(name: str, size: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_STORED if name.lower().endswith(_PACKED) else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    info.file_size = size
    return info


def described(entries: Mapping[str, Entry]) -> str:
    """How much it is, for a message: "12 files, 3.4 MB"."""
    size = sum(entry.size for entry in entries.values())
    return f"{len(entries):,} files, {size / 1e6:,.1f} MB"
