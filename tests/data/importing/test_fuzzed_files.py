"""Files damaged at random: each importer gives data or a message, and nothing else."""

from __future__ import annotations

import contextlib
import gzip
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aegui.data.importing.reading import fingerprint, guess, read_file
from aegui.data.importing.report import describe
from aegui.errors import AeguiError
from aegui.spec import ArraySource, IdxSource, Source, TableSource


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
IDX = bytes([0, 0, 8, 3, 0, 0, 0, 5, 0, 0, 0, 3, 0, 0, 0, 2]) + bytes(range(30))
FILES: dict[str, tuple[bytes, type[Source]]] = {
    "table": (TABLE, TableSource),
    "packed table": (gzip.compress(TABLE, mtime=0), TableSource),
    "npy": (npy_bytes(), ArraySource),
    "npz": (numpy_bytes(False), ArraySource),
    "packed npz": (numpy_bytes(True), ArraySource),
    "idx": (IDX, IdxSource),
    "packed idx": (gzip.compress(IDX, mtime=0), IdxSource),
}
EDITS = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=4), st.integers(0, 4)), max_size=5
)


@pytest.mark.parametrize("kind", FILES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS, kept=st.floats(0, 1))
def test_that_a_damaged_file_gives_data_or_a_message(
    tmp_path: Path, kind: str, edits: list[tuple[float, bytes, int]], kept: float
) -> None:
    content, source = FILES[kind]
    for place, put, dropped in edits:
        at = int(place * len(content))
        content = content[:at] + put + content[at + dropped :]
    path = tmp_path / "damaged"
    path.write_bytes(content if kept > 0.5 else content[: int(2 * kept * len(content))])
    assert fingerprint(source(path=str(path))) is not None
    with contextlib.suppress(AeguiError):
        guess(path)
    try:
        stored = read_file(source(path=str(path)))
    except AeguiError as error:
        assert str(path) in str(error)
    else:
        assert len(describe(stored).rows) >= 7
        assert np.isfinite(stored.train.raw).all()
