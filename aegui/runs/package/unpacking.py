"""Opens packages of others. Nothing of one is used before all of it was checked."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from aegui.errors import InvalidInput, OperationFailed
from aegui.runs.names import CHECKPOINT, EXPERIMENT, FRAMES
from aegui.runs.package.contents import LARGEST, MANIFEST, Contents, read_contents
from aegui.runs.package.moving import check_inside, moved, moved_checkpoint, moved_frames
from aegui.spec import Experiment, dumps, loads
from aegui.spec.files import LARGEST_FILE

_BLOCK = 2**20  # bytes
_LARGEST_MANIFEST = 2**26  # bytes
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, ValueError)

Check = Callable[[int, int], None]  # bytes unpacked and bytes in all; may raise to end it


def contents_of(path: Path) -> Contents:
    """What a package holds, by its own list. Raises InvalidInput."""
    with _opened(path) as archive:
        return _contents(archive, path)


def experiment_of(path: Path) -> Experiment:
    """The experiment of a package; paths in it are names within the package. Raises InvalidInput."""
    with _opened(path) as archive:
        contents = _contents(archive, path)
        return _experiment(_whole(archive, EXPERIMENT, contents, path, LARGEST_FILE), path)


def unpack(path: Path, folder: Path, check: Check = lambda _done, _all: None) -> Contents:
    """Unpacks into ``folder``, which must not be there yet; afterwards it is whole, or not there at all.

    Raises InvalidInput if the package is damaged or holds what it should not, OperationFailed if
    the folder cannot be written.
    """
    if os.path.lexists(folder):
        raise InvalidInput(f"{folder}: is there already; name a folder that is not")
    stage = folder.parent / f".unpacking-{secrets.token_hex(8)}"
    try:
        with _opened(path) as archive:
            contents = _contents(archive, path)
            folder.parent.mkdir(parents=True, exist_ok=True)
            _check_room(folder.parent, contents)
            stage.mkdir()
            _extract(archive, contents, path, stage, check)
        _settle(stage, folder, path)
        os.rename(stage, folder)
    except OSError as error:
        raise OperationFailed(f"{folder}: cannot be written: {error.strerror or error}") from None
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return contents


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InvalidInput(f"{path}: is not a file")
        file = path.open("rb")
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read: {error.strerror or error}") from None
    with file:
        try:
            archive = zipfile.ZipFile(file)
        except _BROKEN as error:
            raise InvalidInput(f"{path}: is not an aegui package, or is damaged: {error}") from None
        with archive:
            yield archive


def _contents(archive: zipfile.ZipFile, path: Path) -> Contents:
    """The list, and that the archive holds just what it says."""
    infos = archive.infolist()
    if MANIFEST not in archive.namelist():
        raise InvalidInput(f"{path}: is not an aegui package: it has no {MANIFEST}")
    contents = read_contents(_read(archive, archive.getinfo(MANIFEST), path, _LARGEST_MANIFEST), str(path))
    names = [info.filename for info in infos if info.filename != MANIFEST]
    if len(infos) != len(names) + 1 or len(set(names)) < len(names):
        raise InvalidInput(f"{path}: holds a file twice")
    if {*names} != {*contents.files}:
        odd = sorted({*names} ^ {*contents.files})[0]
        raise InvalidInput(f"{path}: holds other files than its list says, such as {odd[:200]!r}")
    for info in infos:
        _check_info(info, contents, path)
    return contents


def _check_info(info: zipfile.ZipInfo, contents: Contents, path: Path) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG) or info.is_dir():
        raise InvalidInput(
            f"{path}: {info.filename[:200]!r} is no plain file but a link, a folder or a device"
        )
    if info.flag_bits & 0x1:
        raise InvalidInput(f"{path}: {info.filename[:200]!r} is encrypted")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InvalidInput(f"{path}: {info.filename[:200]!r} is packed in a way that is not read here")
    entry = contents.files.get(info.filename)
    if entry is not None and entry.size != info.file_size:
        raise InvalidInput(
            f"{path}: {info.filename[:200]!r} must have {entry.size:,} bytes, has {info.file_size:,}"
        )


def _extract(archive: zipfile.ZipFile, contents: Contents, path: Path, stage: Path, check: Check) -> None:
    done = 0
    for name, entry in contents.files.items():
        target = stage / name
        target.parent.mkdir(parents=True, exist_ok=True)
        found, length = hashlib.sha256(), 0
        with target.open("xb") as out:
            for block in _blocks(archive, archive.getinfo(name), path):
                length += len(block)
                if length > entry.size:
                    break
                found.update(block)
                out.write(block)
                check(done + length, contents.size)
        if length != entry.size or found.hexdigest() != entry.sha256:
            raise InvalidInput(f"{path}: {name[:200]!r} is damaged: it is not what the list says")
        done += entry.size


def _settle(stage: Path, folder: Path, path: Path) -> None:
    """Lets the experiment read its data where they will lie. All that the program relies on is read once."""
    experiment = _experiment((stage / EXPERIMENT).read_bytes(), path)

    def move(name: str) -> str:
        return os.path.abspath(folder / name)

    (stage / EXPERIMENT).write_text(dumps(moved(experiment, move)), encoding="utf-8")
    for name, change in ((CHECKPOINT, moved_checkpoint), (FRAMES, moved_frames)):
        if (stage / name).exists():
            (stage / name).write_bytes(change((stage / name).read_bytes(), move, f"{path}: {name}"))


def _experiment(data: bytes, path: Path) -> Experiment:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise InvalidInput(f"{path}: its experiment is not text in UTF-8") from None
    experiment = loads(text, str(path))
    check_inside(experiment, str(path))
    return experiment


def _whole(archive: zipfile.ZipFile, name: str, contents: Contents, path: Path, longest: int) -> bytes:
    data = _read(archive, archive.getinfo(name), path, longest)
    if hashlib.sha256(data).hexdigest() != contents.files[name].sha256:
        raise InvalidInput(f"{path}: {name!r} is damaged: it is not what the list says")
    return data


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, longest: int) -> bytes:
    parts, length = [], 0
    for block in _blocks(archive, info, path):
        length += len(block)
        if length > longest:
            raise InvalidInput(f"{path}: {info.filename!r} must be at most {longest:,} bytes")
        parts.append(block)
    return b"".join(parts)


def _blocks(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> Iterator[bytes]:
    try:
        with archive.open(info) as file:
            while block := file.read(_BLOCK):
                yield block
    except (*_BROKEN, RuntimeError, OSError) as error:
        raise InvalidInput(f"{path}: {info.filename[:200]!r} is damaged: {error}") from None


def _check_room(folder: Path, contents: Contents) -> None:
    free = shutil.disk_usage(folder).free
    if contents.size > min(free, LARGEST):
        raise OperationFailed(
            f"{folder}: {contents.size / 1e6:,.0f} MB are needed, {free / 1e6:,.0f} MB are free; make room"
        )
