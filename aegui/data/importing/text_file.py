"""Text in any usual encoding, plain or gzipped, line by line, within bounds."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

from aegui.data.importing.limits import refused
from aegui.data.importing.signatures import format_of, head_of

LONGEST_LINE = 2**24  # characters: a million numbers of 16 digits
SAMPLE_LINES = 200
_SAMPLE_CHARACTERS = 2**20

_MARKS = (  # the longer ones first, since they begin like the shorter
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GZIP = b"\x1f\x8b"


class WrongEncoding(Exception):
    """A byte that the encoding does not have."""


@dataclass(frozen=True)
class TextFile:
    """A text file and how it is read."""

    path: Path
    encoding: str
    gzipped: bool

    @contextmanager
    def lines(self) -> Iterator[Lines]:
        """Its lines, once. Reading them raises InvalidExperiment, WrongEncoding."""
        with _opened(self.path) as raw:
            binary = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if self.gzipped else raw
            with io.TextIOWrapper(binary, self.encoding, newline="") as text:
                yield Lines(self.path, text, raw)

    def sample(self) -> list[str]:
        """All lines before the table, and as many of the table as show how it is written."""
        with self.lines() as lines:
            before: list[str] = []
            for line in lines:
                before.append(line)
                if not is_aside(line) or lines.characters > _SAMPLE_CHARACTERS:
                    break
            return [*before, *_first_of(lines)]

    def as_latin1(self) -> TextFile:
        """The same file in the encoding that has a character for every byte."""
        return replace(self, encoding="latin-1")


class Lines:
    """The lines of a file: none too long, none with zero bytes."""

    def __init__(self, path: Path, text: io.TextIOWrapper, raw: BinaryIO) -> None:
        self._path, self._text, self._raw = path, text, raw
        self._size = max(1, os.fstat(raw.fileno()).st_size)
        self.count = self.characters = 0  # that were read
        self.underscores = False  # whether any line has one: Python reads 1_000 as a number, people don't

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self._read()
        if not line:
            raise StopIteration
        self.count += 1
        self.characters += len(line)
        if len(line) > LONGEST_LINE:
            message = f"line {self.count:,} must have at most {LONGEST_LINE:,} characters; is it a table?"
            raise refused(self._path, message)
        if "\0" in line:
            raise refused(self._path, f"line {self.count:,} has a zero byte: the file is damaged or no text")
        self.underscores = self.underscores or "_" in line
        return line

    def _read(self) -> str:
        try:
            return self._text.readline(LONGEST_LINE + 1)
        except UnicodeError as error:
            raise WrongEncoding(str(error)) from None
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise refused(self._path, f"is a damaged gzip file: {error}") from None
        except OSError as error:
            raise refused(self._path, f"cannot be read: {error.strerror or error}") from None

    @property
    def share(self) -> float:
        """Which share of the file has been read, above 0 and at most 1."""
        return min(1.0, max(1, self._raw.tell()) / self._size)


def _first_of(lines: Lines) -> Iterator[str]:
    """Some of the lines that follow."""
    end = lines.characters + _SAMPLE_CHARACTERS
    for number, line in zip(range(1, SAMPLE_LINES), lines, strict=False):
        yield line
        if lines.characters > end and number > 1:
            return


def is_aside(line: str) -> bool:
    """Whether a line is empty or a comment, which may stand before a table."""
    return not line.strip() or line.lstrip().startswith(("#", "%"))


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise refused(path, f"cannot be read: {error.strerror or error}") from None


def open_text(path: Path) -> TextFile:
    """A text file with its encoding. Raises InvalidExperiment at ``data.source.path`` if it is none."""
    head = head_of(path)
    if not head:
        raise refused(path, "is empty")
    gzipped = head.startswith(_GZIP)
    start = _unpacked(path) if gzipped else head
    other = format_of(start)
    if other is not None:
        raise refused(
            path, f"must be a text file with a table (CSV or TSV), is {other}{_advice(other, start)}"
        )
    encoding = next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")
    return TextFile(path, encoding, gzipped)


def _unpacked(path: Path) -> bytes:
    try:
        with gzip.open(path, "rb") as file:
            return file.read(2**12)
    except (OSError, EOFError, zlib.error) as error:
        raise refused(path, f"is a damaged gzip file: {error}") from None


def _advice(other: str, head: bytes) -> str:
    if head.startswith((b"PK", b"\xd0\xcf")):
        return "; if it is a workbook, save it as CSV first"
    if other == "binary data" and head[1::2].count(0) > len(head) // 3:
        return "; if it is text in UTF-16, save it as UTF-8"
    return ""
