"""Data that stay on the disk, in a file that changes while it is in use."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from aegui.data.idx import MAPPED_FROM
from aegui.data.importing.numbers import is_mapped
from aegui.data.load import load_dataset
from aegui.data.mapped import check_whole
from aegui.data.sources import read_source
from aegui.errors import OperationFailed
from aegui.spec import ArraySource, Data, IdxSource, Source
from aegui.training.samples import Samples

ROWS = MAPPED_FROM // 100 + 1000


def npy(folder: Path) -> Source:
    np.save(folder / "large.npy", np.ones((ROWS, 100), np.uint8))
    return ArraySource(path=str(folder / "large.npy"))


def npz(folder: Path) -> Source:
    np.savez(folder / "large.npz", y=np.arange(ROWS) % 2, x=np.ones((ROWS, 100), np.uint8))
    return ArraySource(path=str(folder / "large.npz"))


def idx(folder: Path) -> Source:
    head = bytes([0, 0, 8, 2]) + ROWS.to_bytes(4, "big") + (100).to_bytes(4, "big")
    (folder / "large.idx").write_bytes(head + bytes(ROWS * 100))
    return IdxSource(path=str(folder / "large.idx"))


@pytest.mark.parametrize("make", [npy, npz, idx])
def test_that_a_file_that_becomes_shorter_ends_the_reading_and_not_the_process(
    tmp_path: Path, make: Callable[[Path], Source]
) -> None:
    source = make(tmp_path)
    assert not isinstance(source, str)
    dataset = load_dataset(Data(source=source), 0)
    assert is_mapped(dataset.train.stored)
    samples = Samples(dataset, dataset.train, torch.device("cpu"))
    last = np.array([len(dataset.train) - 1])
    before = dataset.train.take(last), samples.take(torch.from_numpy(last))
    assert [len(values) for values in before] == [1, 1]
    os.truncate(source.path, os.path.getsize(source.path) // 2)
    for read in (
        lambda: dataset.train.take(last),
        lambda: dataset.train.raw,
        lambda: samples.take(torch.from_numpy(last)),
    ):
        with pytest.raises(OperationFailed, match=r"has [\d,]+ now: it was changed while it was in use"):
            read()


def test_that_a_file_that_is_removed_or_replaced_is_read_to_its_end(tmp_path: Path) -> None:
    """The system keeps what is in use."""
    source = npy(tmp_path)
    stored = read_source(source)
    os.replace(tmp_path / "large.npy", tmp_path / "other.npy")
    np.save(tmp_path / "large.npy", np.zeros((5, 2), np.uint8))
    (tmp_path / "other.npy").unlink()
    assert (stored.train.take(slice(ROWS - 2, ROWS)) == 1).all()


def test_that_numbers_in_memory_are_always_whole() -> None:
    check_whole(np.zeros(5)[1:])


def test_that_a_shorter_file_is_told_with_its_name(tmp_path: Path) -> None:
    stored = read_source(npy(tmp_path))
    (tmp_path / "large.npy").write_bytes(b"")
    with pytest.raises(OperationFailed, match=r"large\.npy: must have [\d,]+ bytes, has 0 now"):
        stored.train.take(slice(0, 1))
