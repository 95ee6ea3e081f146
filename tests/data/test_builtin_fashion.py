"""The bundled part of Fashion-MNIST."""

from __future__ import annotations

import gzip
import hashlib

import numpy as np
import pytest

from aegui.data.builtin import read_builtin
from aegui.data.stored import Stored
from aegui.resources import resource

# Of the uncompressed files, as packaging/make_fashion_subset.py writes them.
SHA256 = {
    "train-images-idx3-ubyte": "422836d7388e8ae7cb79625d20a86fc55a087ba35b5b068bfce4794487a9fc40",
    "train-labels-idx1-ubyte": "52ed3188326bc7a31428ce2d8540cbf99d7cf221e6d94f97cbe01fbd3ec6cca3",
    "t10k-images-idx3-ubyte": "f24143ca002afd69cea11af1a32ae97cf4567b0d9c11d30c8ca1d5cde9e9d099",
    "t10k-labels-idx1-ubyte": "35df8af7f31d902800e67bf7ee6650a98bca924c0babd76c5cb5033e53868a4a",
}


@pytest.fixture(scope="module")
def fashion() -> Stored:
    return read_builtin("fashion")


@pytest.mark.parametrize("name", SHA256)
def test_that_the_files_are_those_that_were_drawn(name: str) -> None:
    content = gzip.decompress(resource("data", "fashion", f"{name}.gz").read_bytes())
    assert hashlib.sha256(content).hexdigest() == SHA256[name]


def test_that_every_class_has_a_thousand_pictures_to_train_on_and_two_hundred_to_test_with(fashion) -> None:
    assert np.bincount(fashion.train.labels).tolist() == [1000] * 10
    assert np.bincount(fashion.test.labels).tolist() == [200] * 10


def test_that_no_picture_is_drawn_twice(fashion) -> None:
    both = [*map(bytes, fashion.train.stored), *map(bytes, fashion.test.stored)]
    assert len(set(both)) == 12_000


def test_that_the_pictures_are_as_bright_as_all_of_them(fashion) -> None:
    """Of all 60,000, the mean pixel is .2860 and the deviation .3530."""
    pixels = fashion.train.stored / np.float32(255)
    assert pixels.mean(dtype=np.float64) == pytest.approx(0.2860, abs=0.002)
    assert pixels.std(dtype=np.float64) == pytest.approx(0.3530, abs=0.002)


def test_that_a_class_name_is_what_the_pictures_show(fashion) -> None:
    """Trousers leave the middle between their legs dark, bags fill the width, sandals are sparse."""
    mean = {
        name: fashion.train.stored[fashion.train.labels == i].mean(axis=0).reshape(28, 28)
        for i, name in enumerate(fashion.classes)
    }
    trouser = mean["Trouser"][22]
    assert trouser[13:15].mean() < 0.7 * max(trouser[9:12].max(), trouser[16:19].max())
    assert min(mean, key=lambda name: mean[name].mean()) == "Sandal"
    assert mean["Ankle boot"][5, 10:20].mean() > 2 * mean["Sneaker"][5, 10:20].mean()
