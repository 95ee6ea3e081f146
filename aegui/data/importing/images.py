"""Folders of pictures: each picture a row of bytes, sub-folders as classes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from aegui.data.dataset import Ints, Split
from aegui.data.importing.image_classes import Sample, arranged, labels_of
from aegui.data.importing.image_decoding import Bytes, Decoded, Header, Target, decode, quiet, read_header
from aegui.data.importing.image_folder import KINDS, Walk, expanded, folder_fingerprint, walk
from aegui.data.importing.image_notes import Tally, short, were
from aegui.data.importing.image_target import size_note, target_of
from aegui.data.importing.limits import FEWEST_SAMPLES, counted, refused
from aegui.data.importing.naming import shown
from aegui.data.stored import Stored, frozen
from aegui.errors import InvalidInput
from aegui.spec import ImagesSource

__all__ = ["Progress", "folder_fingerprint", "read_images"]

# Called with the pictures that are done and all there are, (0, 0) while the folder is searched.
# What it raises ends the reading.
Progress = Callable[[int, int], None]

_MOST_THREADS = 4
_LARGE = 2**16  # pixels of a mean picture from which on threads pay: Pillow decodes without Python's lock
_HUGE = 2**25  # pixels of a picture beside which no other is decoded: it takes 300 MB and more
_AT_ONCE = 64  # pictures handed to the threads before one is waited for


@dataclass(frozen=True)
class _File:
    """A picture of which the header could be read."""

    sample: Sample
    header: Header


@dataclass(frozen=True, eq=False)
class _Rows:
    """What the files gave: those that could be decoded, and a row of bytes for each."""

    files: Sequence[_File]
    pixels: Bytes  # (n, k)
    grey: bool  # no pixel has a colour
    transparent: int  # pictures with transparent parts
    deep: int  # pictures with 16 bits


def read_images(source: ImagesSource, progress: Progress | None = None) -> Stored:
    """All pictures below a folder, uint8 of shape (H, W) or (3, H, W), in natural order of their names.

    Damaged files are left out and noted. Raises InvalidExperiment at ``data.source.path``,
    ``data.source.height`` or ``data.source.width`` if nothing usable is left or it is too large,
    and whatever ``progress`` raises.
    """
    report = progress or (lambda done, total: None)
    found = _found(source.path, report)
    arrangement = arranged(found.pictures)
    damaged = Tally()
    with quiet():
        files = list(_surveyed(arrangement.samples, damaged, report))
        _check_some(source.path, len(files), damaged)
        target = target_of(source, [file.header for file in files])
        rows = _rows(files, target, _room(source, len(files), target), damaged, report)
    _check_some(source.path, len(rows.files), damaged)
    labels, classes, more = labels_of([file.sample for file in rows.files])
    notes = [*found.notes(), *arrangement.notes, *more, *_notes(source, rows, target, damaged)]
    return _stored(source, rows, target, labels, classes, notes)


def _found(path: str, report: Progress) -> Walk:
    """Everything below the folder; refuses one without pictures, or something that is no folder."""
    if not path.strip():
        raise refused("no folder", "give the folder that holds the pictures")
    try:
        os.scandir(expanded(path)).close()
    except FileNotFoundError:
        raise refused(path, "there is no such folder; check its name, or choose it again") from None
    except NotADirectoryError:
        advice = "give the folder that it lies in"
        raise refused(path, f"must be a folder of pictures, is a file; {advice}") from None
    except (OSError, ValueError) as error:  # a ValueError: there is a zero in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise refused(path, f"the folder cannot be read: {reason}") from None
    found = walk(expanded(path), lambda: report(0, 0))
    if not found.pictures:
        seen = "; ".join(note.rstrip(".") for note in found.notes()) or "it is empty"
        raise refused(path, f"must hold pictures ({KINDS}), holds none: {seen}")
    return found


def _surveyed(samples: Sequence[Sample], damaged: Tally, report: Progress) -> Iterator[_File]:
    """The samples with their headers. Damaged ones are counted and left out."""
    for sample in samples:
        report(0, len(samples))
        try:
            yield _File(sample, read_header(sample.picture.path))
        except InvalidInput as error:
            damaged.add(_blamed(sample, error))


def _blamed(sample: Sample, error: InvalidInput) -> str:
    return f"{short(sample.picture.parts)} ({error})"


def _check_some(path: str, count: int, damaged: Tally) -> None:
    if count >= FEWEST_SAMPLES:
        return
    why = f"; {damaged.count:,} could not be read: {damaged}" if damaged.count else "; add some"
    raise refused(path, f"must hold at least {FEWEST_SAMPLES} usable pictures, holds {count}{why}")


def _room(source: ImagesSource, count: int, target: Target) -> Bytes:
    try:
        return np.empty((count, target.size[0] * target.size[1] * (1 if target.grey else 3)), np.uint8)
    except MemoryError:
        message = "the pictures do not fit into the free memory; make height and width smaller"
        raise refused(source.path, message, "height") from None


def _rows(files: Sequence[_File], target: Target, pixels: Bytes, damaged: Tally, report: Progress) -> _Rows:
    """Every file decoded into its row of ``pixels``; rows of damaged ones are closed up."""
    kept: list[_File] = []
    grey, transparent, deep = True, 0, 0
    for done, (file, decoded) in enumerate(zip(files, _decoded(files, target), strict=True), 1):
        if isinstance(decoded, InvalidInput):
            damaged.add(_blamed(file.sample, decoded))
        else:
            pixels[len(kept)] = decoded.pixels.reshape(-1)
            kept.append(file)
            grey = grey and _is_grey(decoded.pixels)
            transparent += decoded.transparent
            deep += decoded.deep
        report(done, len(files))
    return _Rows(kept, pixels[: len(kept)], grey, transparent, deep)


def _is_grey(pixels: Bytes) -> bool:
    return pixels.ndim == 2 or bool((pixels[0] == pixels[1]).all() and (pixels[0] == pixels[2]).all())


def _decoded(files: Sequence[_File], target: Target) -> Iterator[Decoded | InvalidInput]:
    """What each file gives, in order, whatever the number of threads."""

    def attempt(file: _File) -> Decoded | InvalidInput:
        try:
            return decode(file.sample.picture.path, target)
        except InvalidInput as error:
            return error

    threads = _threads([file.header.pixels for file in files])
    if threads == 1:
        yield from map(attempt, files)
        return
    pool = ThreadPoolExecutor(threads)
    try:
        for start in range(0, len(files), _AT_ONCE):
            yield from pool.map(attempt, files[start : start + _AT_ONCE])
    finally:
        pool.shutdown(cancel_futures=True)


def _threads(pixels: Sequence[int]) -> int:
    """How many threads decode pictures with so many pixels."""
    if sum(pixels) < _LARGE * len(pixels) or max(pixels) > _HUGE:
        return 1
    return min(_MOST_THREADS, os.cpu_count() or 1)


def _stored(
    source: ImagesSource,
    rows: _Rows,
    target: Target,
    labels: Ints | None,
    classes: tuple[str, ...],
    notes: Sequence[str],
) -> Stored:
    width, height = target.size
    pixels, shape = rows.pixels, (height, width) if target.grey else (3, height, width)
    if source.colour == "auto" and rows.grey and not target.grey:  # three equal colours are one grey
        pixels, shape = pixels[:, : height * width].copy(), (height, width)
    train = sum(not file.sample.test for file in rows.files) or len(pixels)  # damaged ones may be all of it
    frozen(pixels)
    if labels is not None:
        frozen(labels)
    first, rest = (
        Split(pixels[part], None if labels is None else labels[part])
        for part in (slice(train), slice(train, None))
    )
    title = shown(os.path.basename(os.path.abspath(expanded(source.path))))
    return Stored(
        title=title,
        shape=shape,
        layout="picture",
        train=first,
        test=rest if len(rest) else None,
        low=0,
        high=255,
        classes=classes,
        source=f"{counted(len(pixels), 'picture')} from the folder {title}.",
        notes=tuple(notes),
    )


def _notes(source: ImagesSource, rows: _Rows, target: Target, damaged: Tally) -> Iterator[str]:
    """What was done to the pictures, a sentence each."""
    if n := damaged.count:
        yield f"{counted(n, 'picture')} could not be read and {were(n)} left out: {damaged}."
    headers = [file.header for file in rows.files]
    if note := size_note(
        [header.size for header in headers], target, chosen=bool(source.height or source.width)
    ):
        yield note
    if n := sum(header.animated for header in headers):
        yield f"{counted(n, 'file')} with several frames or pages: the first was taken."
    if n := rows.transparent:
        yield f"{counted(n, 'picture')} with transparent parts {were(n)} put on white."
    if n := rows.deep:
        yield f"{counted(n, 'picture')} of 16 bits a pixel {were(n)} brought to 8."
