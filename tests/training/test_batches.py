"""Samples as tensors: scaled on the way out, into a new place or one that is used again."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from aegui.data.load import load_dataset
from aegui.spec import Data
from aegui.training.samples import Samples


@pytest.mark.parametrize("source", ["digits", "wine"])
@pytest.mark.parametrize("scaling", ["unit", "minmax", "standard", "none"])
@pytest.mark.parametrize("limit", [None, 90])
def test_that_a_batch_is_what_is_taken(source: str, scaling: str, limit: int | None) -> None:
    dataset = load_dataset(Data(source=source, scaling=scaling, train=limit), 0)
    samples = Samples(dataset, dataset.train, torch.device("cpu"))
    order = torch.randperm(len(samples), generator=torch.Generator().manual_seed(0))
    for rows in (order[:32], order[32:64], order[64:75], order[:32]):
        assert torch.equal(samples.batch(rows), samples.take(rows))
    np.testing.assert_array_equal(samples.batch(order[:5]), dataset.scaled(dataset.train, order[:5].numpy()))


def test_that_the_stored_samples_stay_as_they_are() -> None:
    dataset = load_dataset(Data(source="wine", scaling="standard"), 0)
    before = dataset.train.raw.copy()
    samples = Samples(dataset, dataset.train, torch.device("cpu"))
    samples.batch(torch.arange(20))
    np.testing.assert_array_equal(dataset.train.raw, before)
