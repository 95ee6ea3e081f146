"""Files of one's own, small ones of every kind."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Forty rows with gaps in two columns, a column of words and a label."""
    lines = ["height,weight,town,species"]
    for i in range(40):
        weight = "" if i % 8 == 0 else f"{i * 1.5}"
        height = "" if i == 3 else f"{100 - i}"
        lines.append(f"{height},{weight},{'Bern' if i % 2 else 'Chur'},{'cat' if i % 3 else 'dog'}")
    path = tmp_path / "animals.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Two classes of ten colour pictures."""
    for name, colour in (("red", (200, 0, 0)), ("blue", (0, 0, 200))):
        folder = tmp_path / "pictures" / name
        folder.mkdir(parents=True)
        for i in range(10):
            Image.new("RGB", (12, 8), tuple(max(0, c - i) for c in colour)).save(folder / f"{i}.png")
    return tmp_path / "pictures"


@pytest.fixture
def waves(tmp_path: Path) -> Path:
    """Signals of 80 points in an NPZ file, with labels."""
    path = tmp_path / "waves.npz"
    rng = np.random.default_rng(0)
    np.savez(path, x=rng.normal(size=(30, 80)).astype(np.float32), y=np.arange(30) % 2)
    return path


@pytest.fixture
def idx(tmp_path: Path) -> Path:
    """Twenty pictures of 5×4 pixels in an IDX file, gzipped."""
    path = tmp_path / "things-idx3-ubyte.gz"
    pixels = np.arange(20 * 20, dtype=np.uint16).astype(np.uint8)
    head = bytes([0, 0, 8, 3]) + b"".join(n.to_bytes(4, "big") for n in (20, 5, 4))
    path.write_bytes(gzip.compress(head + pixels.tobytes()))
    return path
