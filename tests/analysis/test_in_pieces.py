"""What is found out about a whole data set makes no float copy of it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest

from aegui.analysis.looking.denoising import linear_denoiser
from aegui.analysis.pca import baselines, fit_pca
from aegui.analysis.wiener import TrainingPart
from aegui.data.dataset import Affine, Dataset, Split
from aegui.spec import Gaussian

SAMPLES, FEATURES = 150_000, 64  # 10 MB as bytes, 38 MB as floats
MOST = 30_000_000  # bytes


@pytest.fixture(scope="module")
def many() -> Dataset:
    x = np.random.default_rng(0).integers(0, 256, (SAMPLES, FEATURES), np.uint8)
    scaling = Affine("unit", np.zeros((), np.float32), np.array(1 / 255, np.float32))
    return Dataset("many", "Many", (8, 8), Split(x), Split(x), scaling, 0.0, 1.0)


def baselines_of(dataset: Dataset) -> None:
    pca = fit_pca(dataset)
    assert pca.error_curve(dataset.test)[-1] < 1e-9
    assert baselines(dataset, 3, None, pca).mean_mse == pytest.approx(1 / 12, rel=0.01)


def denoiser_of(dataset: Dataset) -> None:
    part = TrainingPart.of(dataset, most=SAMPLES)
    assert len(part) == SAMPLES
    linear_denoiser(part, Gaussian(sigma=0.3), dataset)


@pytest.mark.parametrize("work", [baselines_of, denoiser_of])
def test_that_no_copy_of_the_samples_is_made(work: Callable[[Dataset], None], many: Dataset) -> None:
    tracemalloc.start()
    work(many)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MOST
