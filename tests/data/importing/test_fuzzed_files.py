"""Files damaged in order and at random: each importer gives data or a message, and nothing else."""

from __future__ import annotations

import contextlib
import gzip
import io
import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from fuzzing import cuts, damaged, flips, lies, tried
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aegui.data.importing.reading import fingerprint, guess, read_file
from aegui.data.importing.report import describe
from aegui.errors import AeguiError
from aegui.spec import ArraySource, IdxSource, Source, TableSource

FEW, MANY = 25, 3000  # examples of hypothesis for each kind


def numpy_bytes(packed: bool) -> bytes:
    file = io.BytesIO()
    arrays = {"x": np.arange(60.0).reshape(12, 5), "y": np.arange(12) % 3}
    (np.savez_compressed if packed else np.savez)(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def npy_bytes() -> bytes:
    file = io.BytesIO()
    np.save(file, np.arange(60.0).reshape(12, 5))
    return file.getvalue()


TABLE = b"a,b,c,label\n" + b"".join(b"%d,%d.5,,k%d\n" % (i, i * i, i % 2) for i in range(12))
WORDS = "größe,中文,🐱 label\n1,2,a\n4,5,b\n7,8,a\n0,1,b\n"
IDX = bytes([0, 0, 8, 3, 0, 0, 0, 5, 0, 0, 0, 3, 0, 0, 0, 2]) + bytes(range(30))
FILES: dict[str, tuple[bytes, type[Source]]] = {
    "table": (TABLE, TableSource),
    "packed table": (gzip.compress(TABLE, mtime=0), TableSource),
    "UTF-8 with a mark": (WORDS.encode("utf-8-sig"), TableSource),
    "UTF-16": (WORDS.encode("utf-16"), TableSource),
    "UTF-16 without a mark": (WORDS.encode("utf-16-le"), TableSource),
    "UTF-32": (WORDS.encode("utf-32"), TableSource),
    "Latin-1": (b"gr\xf6\xdfe,b\n1,2\n3,4\n5,6\n", TableSource),
    "npy": (npy_bytes(), ArraySource),
    "npz": (numpy_bytes(False), ArraySource),
    "packed npz": (numpy_bytes(True), ArraySource),
    "idx": (IDX, IdxSource),
    "packed idx": (gzip.compress(IDX, mtime=0), IdxSource),
}
HEADS = {"npy": 128, "npz": 150, "packed npz": 150, "idx": 16}  # bytes in which every bit counts


def reader(source: type[Source]) -> Callable[[Path], object]:
    """Reads as the window and the terminal do, and looks at what came."""

    def read(path: Path) -> None:
        assert fingerprint(source(path=str(path))) is not None
        with contextlib.suppress(AeguiError):
            guess(path)
        stored = read_file(source(path=str(path)))
        assert len(describe(stored).rows) >= 7
        assert np.isfinite(stored.train.raw).all()
        assert stored.train.labels is None or len(stored.train.labels) == len(stored.train)

    return read


def every_damage(kind: str) -> Iterator[bytes]:
    content, _ = FILES[kind]
    head = HEADS.get(kind, len(content))
    return itertools.chain(cuts(content), flips(content), lies(content, 0, head), lies(content, -100))


def some_damage(kind: str) -> Iterator[bytes]:
    content, _ = FILES[kind]
    yield from cuts(content, 25)
    yield from itertools.islice(flips(content, 0, HEADS.get(kind, 64)), 0, None, 19)
    yield from itertools.islice(lies(content, 0, HEADS.get(kind, 64)), 0, None, 197)


@pytest.mark.parametrize("kind", FILES)
def test_that_a_file_cut_flipped_or_lying_gives_data_or_a_message(tmp_path: Path, kind: str) -> None:
    outcomes = tried(reader(FILES[kind][1]), some_damage(kind), tmp_path / "damaged")
    assert outcomes.tried > 30 and outcomes.refusals


@pytest.mark.long
@pytest.mark.parametrize("kind", FILES)
def test_that_every_cut_flip_and_lie_gives_data_or_a_message(tmp_path: Path, kind: str) -> None:
    outcomes = tried(reader(FILES[kind][1]), every_damage(kind), tmp_path / "damaged")
    print(f"\n{kind}: {outcomes}")
    assert outcomes.tried > 1000 and outcomes.refusals


def check_random_damage(tmp_path: Path, kind: str, examples: int) -> None:
    content, source = FILES[kind]
    read, path = reader(source), tmp_path / "damaged"

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(damaged(content, other=FILES["packed npz"][0]))
    def check(spoilt: bytes) -> None:
        tried(read, [spoilt], path)

    check()


@pytest.mark.parametrize("kind", FILES)
def test_that_a_file_damaged_at_random_gives_data_or_a_message(tmp_path: Path, kind: str) -> None:
    check_random_damage(tmp_path, kind, FEW)


@pytest.mark.long
@pytest.mark.parametrize("kind", FILES)
def test_that_thousands_of_files_damaged_at_random_give_data_or_a_message(tmp_path: Path, kind: str) -> None:
    check_random_damage(tmp_path, kind, MANY)


PIECES = [
    *(
        b"1",
        b"2.5",
        b",",
        b";",
        b"\t",
        b" ",
        b"\n",
        b"\r\n",
        b"\r",
        b'"',
        b'""',
        b"'",
        b"nan",
        b"a",
        b"label",
    ),
    *(
        b"#",
        b"sep=",
        b"-",
        b"1e400",
        b"\xff",
        b"\xc3\xa9",
        b"1,5",
        b"|",
        b"1_0",
        b"%",
        b"\x1a",
        b"\0",
        b"0,1\n",
    ),
    *(b"\xe2\x80\xa8", b"\xf0\x9f\x90\xb1", b"\xef\xbb\xbf", b"1,2,3\n", b"\n\n", b"column 1", b"x" * 1000),
]
CHOICES: list[dict[str, str]] = [
    {},
    {"header": "yes", "missing": "drop-columns", "text": "one-hot"},
    {"header": "no", "missing": "drop-rows", "label": "1", "delimiter": "space"},
    {"text": "refuse", "missing": "refuse", "delimiter": "semicolon", "rows": "signal"},
]


def check_soup(tmp_path: Path, examples: int) -> None:
    path = tmp_path / "soup.csv"

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join), st.sampled_from(CHOICES))
    def check(soup: bytes, choices: dict[str, str]) -> None:
        tried(lambda file: describe(read_file(TableSource(path=str(file), **choices))), [soup], path)  # type: ignore[arg-type]

    check()


def test_that_any_soup_of_what_tables_are_made_of_gives_data_or_a_message(tmp_path: Path) -> None:
    check_soup(tmp_path, 80)


@pytest.mark.long
def test_that_much_soup_of_what_tables_are_made_of_gives_data_or_a_message(tmp_path: Path) -> None:
    check_soup(tmp_path, 10_000)


@pytest.mark.parametrize(
    ("text", "choices", "message"),
    [
        ("\ufeff", {"header": "yes"}, "is empty"),
        ("# only a comment", {"header": "yes"}, "holds no row of a table"),
        (f"# {'x' * 200_000}\n1,2\n3,4\n5,6\n", {}, ""),
        ('sep="\n1"2\n3"4\n5"6\n', {}, "cell|column|row"),
        ("sep=中\n1中2\n3中4\n5中6\n", {}, ""),
        ("a\u2028b\n1\n2\n3\n", {}, r"a single column of numbers \(.a b.\)"),
    ],
)  # fmt: skip
def test_that_odd_tables_are_read_or_refused(
    tmp_path: Path, text: str, choices: dict[str, str], message: str
) -> None:
    path = tmp_path / "odd.csv"
    outcomes = tried(
        lambda file: read_file(TableSource(path=str(file), **choices)),  # type: ignore[arg-type]
        [text.encode()],
        path,
    )
    assert outcomes.values == (message == "")
    assert all(re.search(message, refusal) for refusal in outcomes.refusals)
