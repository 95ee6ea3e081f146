"""What the window holds of a data set while every workspace has looked at it: the stored bytes, once."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from student import Student

from aegui.qt.views.denoising import DenoisingView
from aegui.spec import Experiment, replace_all

Open = Callable[..., Student]
pytestmark = pytest.mark.journey

TRAINING, TESTS, FEATURES = 4_000, 1_000, 19 * 17


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Bytes as those of MNIST, with three classes: noise on three pictures."""
    random = np.random.default_rng(0)
    labels = random.integers(0, 3, TRAINING + TESTS)
    means = random.integers(50, 200, (3, 19, 17))
    x = (means[labels] + random.integers(-40, 40, (len(labels), 19, 17))).astype(np.uint8)
    np.savez(tmp_path / "pictures.npz", x=x, y=labels)
    return tmp_path / "pictures.npz"


def held() -> Iterator[tuple[str, int, int]]:
    """Type, place and count of the numbers of every array and tensor that somebody holds."""
    import torch

    gc.unfreeze()  # what the window has put out of the collector's sight
    for holder in gc.get_objects():
        for found in gc.get_referents(holder):
            if issubclass(type(found), np.ndarray):
                yield str(found.dtype), found.__array_interface__["data"][0], found.size
            elif type(found) in (torch.Tensor, torch.nn.Parameter):  # others hold no numbers
                yield str(found.dtype), found.data_ptr(), found.numel()


def large() -> list[tuple[str, int, int]]:
    """Those that have half as many numbers as the training set or more."""
    return [(kind, at, count) for kind, at, count in held() if count >= TRAINING * FEATURES // 2]


def test_that_the_window_holds_the_samples_once_as_bytes(open_window: Open, pictures: Path) -> None:
    data = {
        "data.source": {"kind": "npz", "path": str(pictures)},
        "architecture.encoder": [{"kind": "dense", "units": 16}],
        "code.size": 3,
        "noise": {"kind": "gaussian"},
        "training.batch": 500,
    }
    others = {at for _, at, _ in large()}  # what earlier tests have left in this process
    student = open_window(replace_all(Experiment(), data))
    window, tabs = student.window, student.window.workspaces
    student.clicks_tool("epoch")
    student.sees(lambda: student.stands and student.step == 8)
    for place in [*range(tabs.count()), 0]:
        tabs.setCurrentIndex(place)
        student.sees(tabs.currentWidget().isVisible)
    view = tabs.view("denoising")
    assert isinstance(view, DenoisingView)
    student.sees(lambda: view.linear.scores != {} and not view.errors.line.isVisible())
    student.sees(lambda: window.session.snapshot.baselines.pca_mse is not None)
    dataset = window.document.dataset
    assert dataset is not None and len(dataset.train) == TRAINING and dataset.features == FEATURES
    stored = dataset.train.stored
    start = stored.__array_interface__["data"][0]
    ours = [(kind, at, n) for kind, at, n in large() if at not in others]
    assert {kind for kind, _, _ in ours} == {"uint8", "torch.uint8"}  # the data set's and the trainer's
    assert all(start <= at < start + stored.nbytes for _, at, _ in ours), ours
