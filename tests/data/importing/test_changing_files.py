"""Files that vanish, shrink, grow or become something else while they are read: data or a message."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from aegui.data.importing.dialect import detect
from aegui.data.importing.numpy_file import headers, load
from aegui.data.importing.reading import read_file
from aegui.data.importing.text_file import open_text
from aegui.errors import AeguiError, InvalidInput
from aegui.spec import ArraySource, IdxSource, Source, TableSource


def npy(rows: int) -> bytes:
    file = io.BytesIO()
    np.save(file, np.ones((rows, 5)))
    return file.getvalue()


def npz(rows: int) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, x=np.random.default_rng(0).normal(size=(rows, 5)))
    return file.getvalue()


def idx(rows: int) -> bytes:
    return bytes([0, 0, 8, 2]) + rows.to_bytes(4, "big") + (5).to_bytes(4, "big") + bytes(5 * rows)


def table(rows: int) -> bytes:
    return b"a,b,c\n" + b"".join(b"%d,%d,%d\n" % (i, i * i, i % 7) for i in range(rows))


FILES: dict[str, tuple[Callable[[int], bytes], type[Source]]] = {
    "npy": (npy, ArraySource),
    "npz": (npz, ArraySource),
    "idx": (idx, IdxSource),
    "packed idx": (lambda rows: gzip.compress(idx(rows), 1), IdxSource),
    "table": (table, TableSource),
    "packed table": (lambda rows: gzip.compress(table(rows), 1), TableSource),
}


@contextlib.contextmanager
def changing(path: Path, *contents: bytes | None) -> Iterator[None]:
    """Somebody who gives a file these contents in turn, in place; None removes it."""
    over = threading.Event()

    def change() -> None:
        while not over.is_set():
            for content in contents:
                if content is None:
                    path.unlink(missing_ok=True)
                else:
                    path.write_bytes(content)

    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def check_changing(tmp_path: Path, kind: str, times: int) -> None:
    make, source = FILES[kind]
    path = tmp_path / "changing"
    done = 0
    with changing(path, make(300), None, make(20), b"", make(1000), b"1,2\n3", make(500)[:-7]):
        for _ in range(times):
            try:
                stored = read_file(source(path=str(path)))
            except AeguiError as error:
                assert str(path) in str(error)
            else:
                assert np.isfinite(stored.train.raw).all()
            done += 1
    assert done == times


@pytest.mark.parametrize("kind", FILES)
def test_that_a_file_that_changes_while_it_is_read_gives_data_or_a_message(tmp_path: Path, kind: str) -> None:
    check_changing(tmp_path, kind, 30)


@pytest.mark.long
@pytest.mark.parametrize("kind", FILES)
def test_that_many_readings_of_a_changing_file_give_data_or_a_message(tmp_path: Path, kind: str) -> None:
    check_changing(tmp_path, kind, 3000)


def test_that_an_array_that_shrinks_after_its_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    for make, name in ((npy, ""), (npz, "x")):
        path.write_bytes(make(300))
        header = headers(path)[name]
        for change in (lambda: os.truncate(path, 400), lambda: path.write_bytes(b""), path.unlink):
            change()
            with pytest.raises(InvalidInput, match=r"x\.npy: "):
                load(path, header)


def test_that_a_table_that_vanishes_or_shrinks_after_its_first_lines_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(table(300))
    file = open_text(path)
    assert detect(file.sample(), TableSource(path=str(path))).names == ("a", "b", "c")
    with file.lines() as lines:
        assert next(lines) == "a,b,c\n"
        path.unlink()
        assert len(list(lines)) == 300  # the system keeps what is in use
    with pytest.raises(InvalidInput, match=r"x\.csv: cannot be read: No such file"):
        file.sample()
