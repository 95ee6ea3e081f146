"""Draws the bundled part of Fashion-MNIST: ``python packaging/make_fashion_subset.py FOLDER``.

FOLDER holds the four files as their authors publish them (the addresses stand in
aegui/data/downloads.py), or as Debian's package ``dataset-fashion-mnist`` installs them.
"""

from __future__ import annotations

import gzip
import hashlib
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aegui.data.draw import stratified
from aegui.data.idx import read_idx
from aegui.writing import write_atomic

SEED = 0
COUNTS = {"train": 10_000, "t10k": 2_000}

# Of the uncompressed files. Compressed by `gzip` at the authors' time (1504176606 for the training
# part, 1504176627 for the test part) they have exactly the MD5s that the authors publish.
SHA256 = {
    "train-images-idx3-ubyte.gz": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte.gz": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte.gz": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte.gz": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}

_FOLDER = Path(__file__).parent.parent / "resources" / "data" / "fashion"


def main(folder: Path) -> None:
    for name, expected in SHA256.items():
        found = hashlib.sha256(gzip.decompress((folder / name).read_bytes())).hexdigest()
        if found != expected:
            raise SystemExit(f"{folder / name}: must have the SHA-256 {expected} uncompressed, has {found}")
    for part, count in COUNTS.items():
        images, labels = f"{part}-images-idx3-ubyte.gz", f"{part}-labels-idx1-ubyte.gz"
        drawn = stratified(read_idx(folder / labels).astype(np.int64), count, SEED)
        for name in (images, labels):
            write_atomic(_FOLDER / name, gzip.compress(_idx(read_idx(folder / name)[drawn]), 9, mtime=0))


def _idx(array: NDArray[np.generic]) -> bytes:
    """An array of bytes as an IDX file: two zeros, the type, the number of axes, the sizes, the bytes."""
    sizes = np.array(array.shape, ">u4").tobytes()
    return bytes([0, 0, 0x08, array.ndim]) + sizes + array.astype(np.uint8).tobytes()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
