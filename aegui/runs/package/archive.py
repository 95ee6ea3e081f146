"""The zip of a package, which may come from anybody: opened, compared with its list, and read in pieces."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

from aegui.data.archives import DAMAGES, PIECE, opened_archive, opened_member
from aegui.errors import InvalidInput, printable
from aegui.runs.package.contents import LARGEST_MANIFEST, MANIFEST, Contents, Entry, read_contents

_BROKEN = (*DAMAGES, zipfile.LargeZipFile, NotImplementedError, RuntimeError, ValueError, OverflowError)
_BEGIN = b"PK\x03\x04"
_FREE = 2**30  # bytes that even a small package may unfold to
_UNFOLDS = 200  # times its size, what is larger than that
_STORED = ".safetensors"  # these do not get smaller, and are read as a whole


class Archive:
    """An open package whose files are just those of its list. Nothing of them was read yet."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._path, self._archive = path, archive
        self.contents: Contents = self._listed()

    def blocks(self, name: str) -> Iterator[bytes]:
        """The contents of a file, piece by piece. Raises InvalidInput, at its end if it is not as listed."""
        entry = self.contents.files[name]
        found, length = hashlib.sha256(), 0
        for block in self._blocks(self._archive.getinfo(name)):
            length += len(block)
            if length > entry.size:
                break
            found.update(block)
            yield block
        if length != entry.size or found.hexdigest() != entry.sha256:
            raise InvalidInput(f"{self._path}: {name[:200]!r} is damaged: it is not what the list says")

    def read(self, name: str) -> bytes:
        """The contents of a file. Raises InvalidInput."""
        return b"".join(self.blocks(name))

    def _listed(self) -> Contents:
        infos, path = self._archive.infolist(), self._path
        if MANIFEST not in self._archive.namelist():
            raise InvalidInput(f"{path}: is not an aegui package: it has no {MANIFEST}")
        names = {info.filename for info in infos}
        if len(names) < len(infos):
            raise InvalidInput(f"{path}: holds a file twice")
        contents = read_contents(self._manifest(), str(path))
        if odd := names ^ {MANIFEST, *contents.files}:
            raise InvalidInput(f"{path}: holds other files than its list says, such as {min(odd)[:200]!r}")
        for info in infos:
            self._check(info, contents.files.get(info.filename))
        self._check_size(contents)
        return contents

    def _manifest(self) -> bytes:
        parts, length = [], 0
        for block in self._blocks(self._archive.getinfo(MANIFEST)):
            length += len(block)
            if length > LARGEST_MANIFEST:
                most = f"at most {LARGEST_MANIFEST:,} bytes"
                raise InvalidInput(f"{self._path}: its list {MANIFEST} must have {most}, has more")
            parts.append(block)
        return b"".join(parts)

    def _check(self, info: zipfile.ZipInfo, entry: Entry | None) -> None:
        what = f"{self._path}: {info.filename[:200]!r}"
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG) or info.is_dir():
            raise InvalidInput(f"{what} is no plain file but a link, a folder or a device")
        if info.flag_bits & 0x1:
            raise InvalidInput(f"{what} is encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise InvalidInput(f"{what} is packed in a way that is not read here")
        if info.filename.endswith(_STORED) and info.compress_type != zipfile.ZIP_STORED:
            raise InvalidInput(f"{what} must be stored as it is, is compressed")
        if info.compress_type == zipfile.ZIP_STORED and info.compress_size != info.file_size:
            raise InvalidInput(f"{what} has two sizes, {info.compress_size:,} and {info.file_size:,} bytes")
        if entry is not None and entry.size != info.file_size:
            raise InvalidInput(f"{what} must have {entry.size:,} bytes, has {info.file_size:,}")

    def _check_size(self, contents: Contents) -> None:
        most = max(_FREE, _UNFOLDS * self._path.stat().st_size)
        if contents.size > most:
            raise InvalidInput(
                f"{self._path}: must unfold to at most {most / 1e6:,.0f} MB, as large as it is,"
                f" unfolds to {contents.size / 1e6:,.0f} MB"
            )

    def _blocks(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        try:
            with opened_member(self._archive, info) as file:
                while block := file.read(PIECE):
                    yield block
        except (*_BROKEN, OSError) as error:
            reason = printable(str(error))[:200]
            raise InvalidInput(f"{self._path}: {info.filename[:200]!r} is damaged: {reason}") from None


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """A package. Raises InvalidInput if it is none, or if it is damaged."""
    _check_begin(path)
    with contextlib.ExitStack() as stack:
        try:
            archive = stack.enter_context(opened_archive(path))
        except _BROKEN as error:
            reason = printable(str(error))[:200]
            raise InvalidInput(f"{path}: is not an aegui package, or is damaged: {reason}") from None
        except OSError as error:
            raise InvalidInput(f"{path}: cannot be read: {error.strerror or error}") from None
        yield Archive(path, archive)


def _check_begin(path: Path) -> None:
    """Nothing but a plain file is opened: a pipe would keep its reader waiting."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise InvalidInput(f"{path}: is not a file")
        with path.open("rb") as file:
            begin = file.read(len(_BEGIN))
    except (OSError, ValueError) as error:
        raise InvalidInput(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if begin != _BEGIN:
        raise InvalidInput(f"{path}: is not an aegui package, or is damaged: it does not begin like one")
