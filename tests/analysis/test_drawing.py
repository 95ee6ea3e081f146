"""Strokes, centring and pasted pictures against what they should be, pixel by pixel."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from scipy.ndimage import center_of_mass

from aegui.analysis.drawing import Drawn, bent, centred, fitted, inked, nearest, stroke_mask
from aegui.analysis.looking import see
from aegui.training.bench import Bench

SHAPE = (28, 28)


def test_that_a_dot_covers_the_pixels_within_its_radius_and_its_edge_in_part() -> None:
    mask = stroke_mask(SHAPE, (10.5, 8.5), (10.5, 8.5), radius=2)
    y, x = np.mgrid[:28, :28] + 0.5
    distance = np.hypot(x - 10.5, y - 8.5)
    assert (mask[distance <= 1.5] == 1).all() and (mask[distance >= 2.5] == 0).all()
    edge = (distance > 1.5) & (distance < 2.5)
    np.testing.assert_allclose(mask[edge], 2.5 - distance[edge], rtol=1e-6)
    assert mask.sum() == pytest.approx(np.pi * 4, rel=0.05)  # the area of the brush


def test_that_a_stroke_is_what_many_dots_along_it_cover() -> None:
    start, end = (3.0, 20.0), (22.0, 6.0)
    places = [tuple(np.add(start, t * np.subtract(end, start))) for t in np.linspace(0, 1, 800)]
    dots = np.max([stroke_mask(SHAPE, p, p, 1.3) for p in places], axis=0)  # type: ignore[arg-type]
    np.testing.assert_allclose(stroke_mask(SHAPE, start, end, 1.3), dots, atol=1e-3)


@pytest.mark.parametrize("shape", [(6, 5), (3, 6, 5)])
def test_that_ink_takes_the_place_of_what_it_covers(shape: tuple[int, ...]) -> None:
    before = np.linspace(-1, 1, int(np.prod(shape))).astype(np.float32)
    ink = np.arange(1, (shape[0] if len(shape) == 3 else 1) + 1).astype(np.float32)
    mask = np.zeros((6, 5), np.float32)
    mask[2, 3], mask[4, 0] = 1, 0.25
    after = inked(before, mask, ink, shape).reshape(-1, 6, 5)
    channels = before.reshape(-1, 6, 5)
    for channel in range(len(channels)):
        expected = channels[channel].copy()
        expected[2, 3] = ink[channel]
        expected[4, 0] = 0.75 * channels[channel, 4, 0] + 0.25 * ink[channel]
        np.testing.assert_allclose(after[channel], expected, rtol=1e-6)


def test_that_a_signal_takes_the_values_of_the_line_that_is_drawn() -> None:
    flat = np.zeros(10, np.float32)
    np.testing.assert_allclose(bent(flat, (2, 1.0), (6, 3.0)), [0, 0, 1, 1.5, 2, 2.5, 3, 0, 0, 0])
    np.testing.assert_allclose(bent(flat, (6, 3.0), (2, 1.0)), bent(flat, (2, 1.0), (6, 3.0)))
    assert bent(flat, (-5, 2.0), (0.2, 2.0))[0] == 2 and bent(flat, (9, 1), (30, 1))[9] == 1
    assert bent(flat, (4.2, 0.3), (4.1, 0.7)).tolist() == [0, 0, 0, 0, np.float32(0.7), 0, 0, 0, 0, 0]


def test_that_a_centred_picture_has_its_mass_in_the_middle() -> None:
    picture = np.full(SHAPE, -1, np.float32)
    picture[2:9, 17:22] = 1
    moved = centred(picture.reshape(-1), SHAPE, ground=-1).reshape(SHAPE)
    assert np.abs(np.subtract(center_of_mass(moved + 1), 13.5)).max() <= 0.5
    assert (moved + 1).sum() == (picture + 1).sum()
    blank = np.full(784, 0.2, np.float32)
    assert centred(blank, SHAPE, ground=0.2) is blank


@pytest.mark.parametrize("size", [(40, 20), (7, 9), (28, 28)])
def test_that_a_pasted_picture_is_whole_and_in_the_middle(size: tuple[int, int]) -> None:
    pixels = np.zeros((*size, 3), np.uint8)
    pixels[size[0] // 4 : size[0] - size[0] // 4, size[1] // 4 : size[1] - size[1] // 4] = 255
    made = fitted(pixels, SHAPE, 0.0, 2.0).reshape(SHAPE)
    assert made.min() >= 0 and made.max() == pytest.approx(2, abs=0.02)
    assert np.abs(np.subtract(center_of_mass(made), 13.5)).max() < 1


def test_that_colours_stay_in_their_channels_and_grey_is_luma() -> None:
    pixels = np.zeros((8, 8, 3), np.uint8)
    pixels[..., 0], pixels[..., 1] = 255, 102
    made = fitted(pixels, (3, 4, 4), 0.0, 1.0).reshape(3, 16)
    np.testing.assert_allclose(made, np.array([[1], [0.4], [0]]) * np.ones(16), atol=1e-6)
    grey = fitted(pixels, (4, 4), 0.0, 1.0)
    np.testing.assert_allclose(grey, 0.299 + 0.587 * 0.4, atol=3e-3)


def test_that_the_nearest_codes_are_those_that_a_sort_of_all_finds() -> None:
    random = np.random.default_rng(0)
    codes, code = random.standard_normal((50, 3)).astype(np.float32), np.zeros(3, np.float32)
    codes[7] = np.nan
    rows, distance = nearest(code, codes, 5)
    every = np.linalg.norm(codes.astype(np.float64), axis=1)
    assert rows.tolist() == np.argsort(np.nan_to_num(every, nan=np.inf))[:5].tolist()
    np.testing.assert_allclose(distance, every[rows], rtol=1e-6)


@pytest.mark.parametrize("changes", [{}, {"noise.kind": "gaussian"}, {"code.variational": True}])
def test_that_what_is_drawn_goes_through_the_network_as_it_is(
    bench_of: Callable[..., Bench], changes: dict[str, object]
) -> None:
    bench = bench_of(changes)
    sample = np.random.default_rng(1).random(64).astype(np.float32)
    with torch.no_grad():
        found, other = see(bench, Drawn.of(sample)), see(bench, Drawn.of(sample[:10]))
        code = bench.model.encode(torch.from_numpy(sample)[None])
        made = bench.model.decode(code)[0].numpy()
    np.testing.assert_array_equal(found.code, code[0].numpy())
    np.testing.assert_array_equal(found.reconstruction, made)
    assert found.error == pytest.approx(np.square(made.astype(np.float64) - sample).mean(), rel=1e-5)
    assert other is None
