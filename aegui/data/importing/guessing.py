"""Which kind of source a file or folder is, by its contents and not by its name alone."""

from __future__ import annotations

import gzip
import os
import zlib
from pathlib import Path

from aegui.data.archives import DAMAGES, opened_archive
from aegui.data.idx import idx_header
from aegui.data.importing.image_folder import KINDS, may_hold_pictures
from aegui.data.importing.signatures import HEAD, PICTURES, format_of, head_of
from aegui.errors import InvalidExperiment, InvalidInput
from aegui.spec.source import ArraySource, IdxSource, ImagesSource, Source, TableSource

CAN_OPEN = (
    "what can be opened: tables (CSV, TSV, also gzipped), numpy files (NPY, NPZ), IDX files as MNIST's"
    f" (also gzipped), and folders of pictures ({KINDS})"
)
_OTHER_TEXTS = {
    ".toml": "an experiment or another TOML file",
    ".json": "JSON",
    ".py": "a program",
    ".md": "a text",
}
_GZIP = b"\x1f\x8b"


def guess(path: str | Path) -> Source:
    """What reads a file or folder. Raises InvalidInput with the list of what can be opened."""
    path = Path(path)
    try:
        if os.path.isdir(path):
            return _folder(path)
        head = head_of(path)
    except InvalidExperiment as error:
        raise InvalidInput("; ".join(problem.message for problem in error.problems)) from None
    except ValueError as error:
        raise InvalidInput(f"{str(path)!r}: cannot be read: {error}") from None
    return _file(path, head)


def _file(path: Path, head: bytes) -> Source:
    if not head:
        raise InvalidInput(f"{path}: is empty; {CAN_OPEN}")
    start = _unpacked(path) if head.startswith(_GZIP) else head
    if start.startswith(b"\x93NUMPY") and start is head:
        return ArraySource(path=str(path))
    if head.startswith(b"PK") and _holds_arrays(path):
        return ArraySource(path=str(path))
    if _is_idx(start):
        return _idx(path)
    kind = format_of(start)
    if kind is None:
        return _text(path, start)
    if kind in PICTURES:
        raise InvalidInput(f"{path}: is {kind}; open the folder that holds it and the others")
    raise InvalidInput(f"{path}: is {kind}; {CAN_OPEN}")


def _text(path: Path, head: bytes) -> Source:
    """A table, unless the text is plainly something else."""
    begin = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    other = {b"{": "JSON", b"<": "HTML or XML"}.get(begin) or _OTHER_TEXTS.get(path.suffix.lower())
    if other is not None:
        raise InvalidInput(f"{path}: is {other}, no table; {CAN_OPEN}")
    return TableSource(path=str(path))


def _folder(path: Path) -> Source:
    """A folder of pictures, or one with MNIST's files."""
    try:
        training = sorted(name for name in os.listdir(path) if _is_training(path / name))
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read: {error.strerror or error}") from None
    if training:
        return _idx(path / training[0])
    if may_hold_pictures(str(path)):
        return ImagesSource(path=str(path))
    raise InvalidInput(f"{path}: is a folder without pictures; {CAN_OPEN}")


def _is_training(path: Path) -> bool:
    plain = path.name.lower().replace(".", "-").removesuffix("-gz")
    return plain.endswith("train-images-idx3-ubyte") and os.path.isfile(path)


def _holds_arrays(path: Path) -> bool:
    try:
        with opened_archive(path) as archive:
            return any(name.endswith(".npy") for name in archive.namelist())
    except (*DAMAGES, OSError, NotImplementedError, ValueError):
        return path.suffix.lower() == ".npz"  # damaged: its reader says how


def _unpacked(path: Path) -> bytes:
    try:
        with gzip.open(path, "rb") as file:
            return file.read(HEAD)
    except (OSError, EOFError, zlib.error) as error:
        raise InvalidInput(f"{path}: is a damaged gzip file: {error}") from None


def _is_idx(head: bytes) -> bool:
    return len(head) >= 8 and head[:2] == b"\0\0" and head[2] in range(8, 15) and 1 <= head[3] <= 8


def _idx(path: Path) -> IdxSource:
    """An IDX file with the labels and the test part that stand beside it under MNIST's names."""
    path = _samples_of(path)
    name = path.name
    labels = _beside(path, "images", "labels") if "images" in name else ""
    test = _beside(path, "train", "t10k") or _beside(path, "train", "test") if "train" in name else ""
    test_labels = _beside(Path(test), "images", "labels") if test and "images" in name else ""
    if bool(labels) != bool(test_labels):  # labels of one part alone are of no use
        test, test_labels = "", ""
    return IdxSource(path=str(path), labels=labels, test=test, test_labels=test_labels)


def _samples_of(path: Path) -> Path:
    """The samples that a file with labels belongs to, if they stand beside it."""
    samples = _beside(path, "labels", "images") if "labels" in path.name else ""
    try:
        return Path(samples) if samples and len(idx_header(path)[1]) == 1 else path
    except InvalidInput:
        return path  # damaged: its reader says how


def _beside(path: Path, old: str, new: str) -> str:
    """The file of the same name with one word replaced, as it is or gzipped; empty if there is none."""
    name = path.name.replace(old, new)
    number = ("3", "1") if new == "labels" else ("1", "3")
    if {old, new} == {"images", "labels"}:
        name = name.replace(f"idx{number[0]}", f"idx{number[1]}")
    plain = name.removesuffix(".gz")
    for candidate in (name, plain, f"{plain}.gz"):
        if candidate != path.name and os.path.isfile(path.parent / candidate):
            return str(path.parent / candidate)
    return ""
