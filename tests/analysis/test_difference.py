"""A signed difference hides nothing, not even of a colour that keeps its brightness."""

from __future__ import annotations

import numpy as np

from aegui.analysis.difference import signed_difference


def test_that_a_grey_difference_is_reconstruction_less_original() -> None:
    original, made = np.array([[0.1, 0.9]], np.float32), np.array([[0.3, 0.4]], np.float32)
    for shape in ((2,), (1, 2)):
        assert np.allclose(signed_difference(made, original, shape), [[0.2, -0.5]])


def test_that_a_colour_difference_is_that_of_the_channel_farthest_off() -> None:
    random = np.random.default_rng(0)
    original, made = random.random((2, 4, 3 * 2 * 5), np.float32)
    found = signed_difference(made, original, (3, 2, 5))
    channels = (made - original).reshape(4, 3, 10)
    for sample in range(4):
        for pixel in range(10):
            values = channels[sample, :, pixel]
            assert found[sample, pixel] == values[np.abs(values).argmax()]


def test_that_a_wrong_hue_of_the_right_brightness_is_seen() -> None:
    red, green = np.array([[0.6, 0.0, 0.0]], np.float32), np.array([[0.0, 0.6, 0.0]], np.float32)
    assert (green - red).mean() == 0
    assert abs(signed_difference(green, red, (3, 1, 1))[0, 0]) == np.float32(0.6)
