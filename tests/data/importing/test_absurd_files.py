"""Files made to stall a reader, to fill the memory, or to run something: a message within bounds."""

from __future__ import annotations

import gzip
import io
import json
import os
import pickle
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fuzzing import MiB, in_bounds
from PIL import Image

from aegui.data.importing.reading import read_file
from aegui.data.importing.report import describe
from aegui.errors import AeguiError
from aegui.spec import ArraySource, IdxSource, ImagesSource, TableSource

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="measures the memory as Linux tells it")

GiB = 1024 * MiB
Make = Callable[[Path], object]


def outcomes(folder: Path, memory: int = 256 * MiB) -> dict[str, dict[str, str]]:
    """Messages by entry of the folder and by reader."""
    found: dict[str, dict[str, str]] = json.loads(
        in_bounds("absurd_reading:outcomes", folder, memory=memory).value
    )
    return found


def npy(text: str, body: bytes = bytes(480)) -> bytes:
    """An NPY file with this header."""
    head = text.encode().ljust(118 - len(text) % 64) + b"\n"
    return b"\x93NUMPY\x01\0" + len(head).to_bytes(2, "little") + head + body


def typed(descr: str, shape: str = "(12, 5)") -> bytes:
    return npy(f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}}}")


def zipped(packing: int, **members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return file.getvalue()


def hole(start: bytes, size: int, end: bytes = b"") -> Make:
    """A file that takes no room on the disk, but has ``size`` bytes between its two ends."""

    def make(path: Path) -> None:
        with path.open("wb") as file:
            file.write(start)
            file.truncate(size)
            file.seek(size)
            file.write(end)

    return make


def repeated(start: bytes, piece: bytes, times: int) -> Make:
    """A gzip file in which a piece stands so many times."""
    packed = gzip.compress(piece, mtime=0)
    return lambda path: path.write_bytes(gzip.compress(start, mtime=0) + packed * times)


def idx(*shape: int) -> bytes:
    return bytes([0, 0, 8, len(shape)]) + b"".join(n.to_bytes(4, "big") for n in shape)


def directory(size: int, count: int = 65535) -> bytes:
    """The end of a ZIP file whose list of members has so many bytes."""
    return b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, size, 0, 0)


GOOD = typed("'<f8'")
CELL = b'"' + (b"a" * 999 + b"\n") * 120 + b'",'
ABSURD: dict[str, tuple[Make | bytes, str, str]] = {  # what is made, who refuses it, and how
    "items.idx": (idx(10**9, 10**9 % 2**32, 2), "idx", "at most 1,000,000 numbers"),
    "few.idx": (idx(10**9, 20, 20), "idx", "must hold at most|must hold 400,000,000,000 bytes"),
    "axes.idx": (idx(*[2**32 - 1] * 8), "idx", "must have 2 to 4 axes"),
    "tail.idx.gz": (repeated(idx(20, 5), bytes(MiB), 512), "idx", "has more than 100: trailing bytes"),
    "line.csv.gz": (repeated(b"", b"a" * MiB, 1024), "csv", "at most 16,777,216 characters"),
    "cats.csv.gz": (repeated(b"1,2\n3,4\n", "🐱".encode() * 2**18, 1024), "csv", "at most 16,777,216 char"),
    "words.csv.gz": (repeated(b"", b"a,b\n" * 2**18, 20_000), "csv", "must fit into .* of memory, needs"),
    "hole.csv": (hole(b"1,2\n" * 2000, GiB), "csv", "at most 16,777,216 characters"),
    "quote.csv": (b'1,2\n"' + b"3,4\n" * 100_000, "csv", "is a quotation mark missing"),
    "cells.csv.gz": (repeated(b"1,2\n", CELL * 8, 200), "csv", "the row that goes on in line"),
    "columns.csv": (b"1," * 1_000_001, "csv", "at most 1,000,000 columns"),
    "members.npz": (hole(b"PK\3\4", 2 * GiB, directory(2 * GiB)), "npz", "list of members must have at most"),
    "lzma.npz": (zipped(zipfile.ZIP_LZMA, x=GOOD), "npz", "neither stored nor deflated"),
    "bzip2.npz": (zipped(zipfile.ZIP_BZIP2, x=GOOD), "npz", "neither stored nor deflated"),
    "nested.npz": (zipped(zipfile.ZIP_STORED, x=zipped(zipfile.ZIP_DEFLATED, x=GOOD)), "npz", "is damaged"),
    "huge.npy": (typed("'<f8'", "(10**300, 5)"), "npz", "header is damaged"),
    "many.npy": (typed("'<f8'", f"({10**300}, 5)"), "npz", "truncated or damaged"),
    "units.npy": (typed("'<M8[s/0]'"), "npz", r"there is no type '<M8\[s/0\]'"),
    "field.npy": (typed("[('a', '<M8[s/0]')]"), "npz", "there is no type"),
    "deep.npy": (npy("(" * 5000), "npz", "header is damaged"),
    "no_name.npy": (typed("[()]"), "npz", "header is damaged"),
    "no_type.npy": (typed("[('a',)]"), "npz", "header is damaged"),
    "wide.npy": (typed("'(1000000,1000000)f8'"), "npz", "there is no type"),
}  # fmt: skip


def put(folder: Path, made: dict[str, Make | bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in made.items():
        path = folder / name
        path.write_bytes(content) if isinstance(content, bytes) else content(path)
    return folder


def test_that_absurd_files_are_refused_within_bounds(tmp_path: Path) -> None:

    folder = put(tmp_path / "absurd", {name: made for name, (made, _, _) in ABSURD.items()})
    found = outcomes(folder, memory=512 * MiB)  # a line of a million columns takes most of it
    for name, (_, reader, message) in ABSURD.items():
        assert all(found[name].values()), (name, found[name])
        assert re.search(message, found[name][reader]), (name, found[name][reader])


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IEND", b"")


def tiff(*tags: tuple[int, int, int, int]) -> bytes:
    """A little TIFF file of ten pixels each way; tags are number, type, count and value or place."""
    usual = ((256, 4, 1, 10), (257, 4, 1, 10), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (277, 3, 1, 1))
    every = sorted({tag[0]: tag for tag in (*usual, *tags)}.values())
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(every)) + b"".join(
        struct.pack("<HHII", *tag) for tag in every
    ) + bytes(4)  # fmt: skip


ZEROS = zlib.compress(bytes(64 * MiB))
STRIPS = 100_000_000
PICTURES: dict[str, Make | bytes] = {
    "large.png": png(100_000, 100_000, chunk(b"IDAT", zlib.compress(b""))),
    "text.png": png(10, 10, chunk(b"zTXt", b"a\0\0" + ZEROS)),
    "profile.png": png(10, 10, chunk(b"iCCP", b"a\0\0" + ZEROS)),
    "hole.png": hole(png(10, 10)[:33] + struct.pack(">I", 2**31 - 1) + b"tEXt", 2 * GiB),
    "hole.webp": hole(b"RIFF\xff\xff\xff\xffWEBPVP8 ", 4 * GiB),
    "hole.tif": hole(tiff((257, 4, 1, STRIPS), (273, 4, STRIPS, 300), (278, 4, 1, 1)), 4 * STRIPS + 1000),
    "shared.tif": tiff(*((tag, 7, 2**20, 8) for tag in range(40_000, 42_000))) + bytes(MiB),
    "loop.tif": tiff((273, 4, 1, 8), (279, 4, 1, 100), (34665, 4, 1, 8)),
    "large.bmp": b"BM" + struct.pack("<IHHIIiiHHIIiiII", 99, 0, 0, 54, 40, 10**5, 10**5, 1, 24, *[0] * 6),
    "large.ppm": b"P6\n100000 100000\n255\n",
    "digits.ppm": hole(b"P3\n5000 5000\n255\n", 100 * MiB),
    "comment.ppm": hole(b"P6\n#", 400 * MiB),
    "large.gif": b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\0;",
}


def test_that_absurd_pictures_are_left_out_within_bounds(tmp_path: Path) -> None:
    folder = put(tmp_path / "pictures", PICTURES)
    for i in range(3):
        Image.new("RGB", (6, 5), (i, 2 * i, 90)).save(folder / f"good {i}.png")
    read = in_bounds("test_absurd_files:read_pictures", folder, memory=512 * MiB)
    count, notes = json.loads(read.value)
    assert count == 3 and f"{len(PICTURES)} pictures could not be read" in notes


def read_pictures(folder: str) -> str:
    stored = read_file(ImagesSource(path=folder))
    assert stored.train.stored.reshape(3, 3, -1)[:, :2, 0].tolist() == [[0, 0], [1, 2], [2, 4]]
    return json.dumps([len(stored.train), " ".join(stored.notes)])


def no_files(folder: Path) -> None:
    """Everything that a path may lead to that is no file."""
    folder.mkdir()
    os.mkfifo(folder / "pipe.csv")
    os.mkfifo(folder / "pipe.npz")
    for device in ("zero", "random", "null", "full"):
        (folder / f"{device}.csv").symlink_to(f"/dev/{device}")
    (folder / "itself.csv").symlink_to("itself.csv")
    (folder / "one.npy").symlink_to("other.npy")
    (folder / "other.npy").symlink_to("one.npy")
    (folder / "nowhere.idx").symlink_to("nothing")
    (folder / "folder.csv").mkdir()
    os.mkfifo(folder / "folder.csv" / "train-images-idx3-ubyte")
    (folder / "circle").mkdir()
    (folder / "circle" / "again").symlink_to(folder / "circle")
    for i in range(4):
        os.mkfifo(folder / "circle" / f"{i}.png")


def test_that_pipes_devices_and_loops_are_refused_at_once(tmp_path: Path) -> None:
    no_files(tmp_path / "none")
    for name, messages in outcomes(tmp_path / "none").items():
        assert all(messages.values()), (name, messages)


ODD_NAMES = [
    *(
        "größe",
        "中文",
        "عربى",
        "עברית",
        "ไทย",
        "हिन्दी",
        "👩‍🔬🐱",
        "e\u0301",
        "\u202egnp",
        "a\u2028b",
        "x" * 250,
    ),
    *("-rf", "--json", "%s%n", "$(touch mark)", "con", "a\nb", "a\tb", "\x1b[31m", "{0}", "'", '"', " ", "#"),
]


def test_that_files_of_any_name_are_read_or_refused_in_the_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "names"
    no_files(folder)
    names = [os.fsencode(name) for name in ODD_NAMES] + [b"\xff\xfe", b"caf\xe9", b"\xed\xa0\x80"]
    for name in names:
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(b"a,b\n1,2\n3,4\n5,7\n7,9\n")
    before = sorted(os.listdir(os.fsencode(folder)))
    fine = 0
    for status, out, err in json.loads(in_bounds("absurd_reading:checks", folder).value):
        assert (status, bool(out)) in (("0", True), ("2", False)), (status, out, err)
        assert "Traceback" not in err and (status == "0" or err.startswith("aegui: "))
        fine += status == "0"
    assert fine == len(names)
    assert sorted(os.listdir(os.fsencode(folder))) == before


class _Mark:
    """An object whose pickle makes a folder when it is loaded."""

    def __init__(self, place: Path) -> None:
        self.place = str(place)

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (self.place,)


def test_that_nothing_is_unpickled(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    loaded = pickle.dumps(_Mark(mark))
    objects = np.array([[_Mark(mark)] * 3] * 5, dtype=object)
    array = io.BytesIO()
    np.save(array, objects, allow_pickle=True)
    numbers = typed("'<f8'")
    labels = npy("{'descr': '|O', 'fortran_order': False, 'shape': (12,)}", loaded)
    planted = {
        **{f"renamed.{end}": loaded for end in ("pkl", "npy", "npz", "csv", "idx", "png", "mat", "gz")},
        "packed.npz": gzip.compress(loaded),
        "objects.npy": array.getvalue(),
        "objects.npz": zipped(zipfile.ZIP_DEFLATED, x=array.getvalue()),
        "labels.npz": zipped(zipfile.ZIP_STORED, x=numbers, y=labels, label_names=labels, x_test=labels),
        "member.npz": zipped(zipfile.ZIP_STORED, x=loaded),
        "structured.npy": typed("[('a', '|O')]", "(3,)") + loaded,
        "code.npy": npy(f"__import__('os').mkdir({str(mark)!r})"),
    }
    for name, content in planted.items():
        path = tmp_path / name
        path.write_bytes(content)
        for kind in (ArraySource, IdxSource, ImagesSource, TableSource):
            for choices in ({}, {"label": "y"}) if kind is ArraySource else ({},):
                try:
                    describe(read_file(kind(path=str(path), **choices)))
                except AeguiError:
                    continue
                assert name == "labels.npz" and not choices  # whose numbers may be read
    assert not mark.exists()
    pickle.loads(loaded)
    assert mark.exists()  # so it would have shown


@pytest.mark.parametrize("name", ["../out.npy", "/tmp/aegui out.npy", "..\\out.npy", "a/../../out.npy"])
def test_that_no_member_of_an_archive_is_written_anywhere(tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "data.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, GOOD)
    assert len(read_file(ArraySource(path=str(path))).train) == 12
    assert sorted(tmp_path.rglob("*")) == [path.parent, path] and not Path("/tmp/aegui out.npy").exists()
