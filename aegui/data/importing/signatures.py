"""Formats by their first bytes, so that a wrong file is called by its name."""

from __future__ import annotations

import codecs
from pathlib import Path

from aegui.data.importing.limits import refused

HEAD = 4096  # bytes that are looked at

_FORMATS = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"\x93NUMPY", "a numpy array (NPY)"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"%PDF", "a PDF document"),
    (b"PAR1", "a Parquet table"),
    (b"ARROW1", "an Arrow table"),
    (b"\x89HDF", "an HDF5 file"),
    (b"MATLAB 5.0", "a MATLAB file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x80\x02", "a pickled Python object"),
    (b"\x80\x03", "a pickled Python object"),
    (b"\x80\x04", "a pickled Python object"),
    (b"\x80\x05", "a pickled Python object"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an XZ file"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
PICTURES = tuple(name for _, name in _FORMATS if name.endswith("picture"))
WIDE_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROLS = bytes(c for c in range(32) if c not in b"\t\n\r\f\x0b\x1a\x1b")
_MOST_CONTROLS = 0.01  # share of control characters in a text


def head_of(path: Path) -> bytes:
    """The first bytes of a file. Raises InvalidExperiment at ``data.source.path`` if it cannot be read."""
    try:
        if path.is_dir():
            raise refused(path, "is a folder, must be a file")
        if not path.is_file() and path.exists():
            raise refused(path, "is a device or a pipe, must be a file")
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError as error:
        raise refused(path, f"cannot be read: {error.strerror or error}") from None
    except ValueError as error:  # a zero byte in the name
        raise refused(repr(str(path)), f"cannot be read: {error}") from None


def format_of(head: bytes) -> str | None:
    """What kind of file starts like this, in words; None if it may be text."""
    for start, name in _FORMATS:
        if head.startswith(start) and not _is_plain_text(head, start):
            return name
    return None if _is_text(head) else "binary data"


def _is_plain_text(head: bytes, start: bytes) -> bool:
    """Whether a signature of two or three letters is just how a text begins."""
    return start.isalnum() and len(start) < 4 and _is_text(head)


def _is_text(head: bytes) -> bool:
    if head.startswith(WIDE_MARKS):
        return True
    strange = len(head) - len(head.translate(None, _CONTROLS))
    return b"\0" not in head and strange <= _MOST_CONTROLS * len(head)
