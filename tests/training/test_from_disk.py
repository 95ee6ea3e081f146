"""Training from a file that is larger than what is read of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.lib import format as npy

from aegui.data.load import load_dataset
from aegui.spec import ArraySource, Data, Experiment, replace_all
from aegui.training.observer import Observer
from aegui.training.snapshot import Wishes
from aegui.training.trainer import Trainer

SAMPLES, PIXELS = 1_000_000, 784
MIB = 2**20


@pytest.fixture
def million(tmp_path: Path) -> Path:
    """A million pictures of zeros: 784 MB that take no place on the disk, but for the first and last."""
    path = tmp_path / "million.npy"
    with path.open("wb") as file:
        header = {"descr": "|u1", "fortran_order": False, "shape": (SAMPLES, 28, 28)}
        npy.write_array_header_1_0(file, header)
        start = file.tell()
        file.truncate(start + SAMPLES * PIXELS)
        for row in (0, SAMPLES - 1):
            file.seek(start + row * PIXELS)
            file.write(np.full(PIXELS, 255, np.uint8).tobytes())
    return path


def own_memory() -> int:
    """Bytes of this process that are no file's."""
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines["RssAnon"].split()[0]) * 1024


def read_of(path: Path) -> int:
    """Bytes of a mapped file that are in the memory of this process."""
    found, inside = 0, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if not line[0].isupper():  # the head of a mapping
            inside = line.endswith(path.name)
        elif inside and line.startswith("Rss:"):
            found += int(line.split()[1]) * 1024
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of the process from /proc")
def test_that_a_million_pictures_train_without_being_read_whole(million: Path) -> None:
    data = Data(source=ArraySource(path=os.fspath(million)), test=500)
    experiment = replace_all(
        Experiment(), {"data": data, "architecture.encoder": [], "noise": {"kind": "masking"}}
    )
    before = own_memory()
    dataset = load_dataset(experiment.data, 0)
    trainer = Trainer(experiment, dataset)
    for _ in range(40):
        next(trainer)
    Observer(trainer).snapshot(Wishes(pictures=(0, 1, 2)))
    assert len(dataset.train) == 800_000 and len(dataset.test) == 500
    assert np.isfinite(trainer.history.batch.prefix()).all()
    # The pages that batches touched, and those that the system reads around them.
    assert 0 < read_of(million) < 0.6 * SAMPLES * PIXELS
    assert own_memory() - before < 150 * MIB
