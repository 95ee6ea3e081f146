"""Samples under any noise, and the error over its strength."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from aegui.analysis.denoising import (
    CurveSeen,
    Denoise,
    Denoised,
    Denoising,
    NoiseCurve,
    Scored,
    Scores,
    curve_noises,
    hindrance,
    scores,
    strength,
    strength_name,
    usual_noise,
    without_rounding,
)
from aegui.analysis.pca import Pca
from aegui.analysis.wiener import MOST_FEATURES, TrainingPart, Wiener, fit_wiener, fitted_samples
from aegui.data.dataset import Dataset, Floats
from aegui.data.draw import stratified
from aegui.data.streams import stream_seed
from aegui.objectives.noise import Space, apply, draw
from aegui.piecewise import at_once
from aegui.spec import Noise
from aegui.training.bench import Bench
from aegui.training.evaluation import chunk_size

_CURVE, _PICTURES = 2, 3  # streams of test noise beside the one that the test curve is measured with
_REPORTED = 1000  # test samples at most


def denoise(bench: Bench, look: Denoise) -> Denoised:
    """Chosen test samples on their way through the network."""
    rows = np.array([row for row in look.rows if row < len(bench.test)], np.int64)
    clean = bench.test.take(torch.as_tensor(rows, device=bench.test.device))
    noisy = _corrupted(look.noise, clean, bench.space, bench.experiment.seed, _PICTURES, look.draw)
    made = _passed(bench, noisy)
    return Denoised(rows, clean.cpu().numpy(), noisy.cpu().numpy(), made.cpu().numpy())


def denoising(bench: Bench, look: Denoising) -> Generator[None, None, Scored]:
    """Scores of noisy and of reconstructed test samples, a rest between them."""
    clean = _clean(bench, look.count)
    noisy = _corrupted(look.noise, clean, bench.space, bench.experiment.seed, _CURVE)
    made = _passed(bench, noisy)
    plain = clean.cpu().numpy()
    of_noisy = scores(plain, noisy.cpu().numpy(), bench.dataset)
    yield
    return Scored(of_noisy, scores(plain, made.cpu().numpy(), bench.dataset))


def noise_curve(bench: Bench, look: NoiseCurve) -> Generator[None, None, CurveSeen]:
    """The errors of noisy and of reconstructed test samples at each strength of one kind of noise.

    With a rest before each but the first.
    """
    clean, kind = _clean(bench, look.count), look.noises[0]
    drawn = _draw(kind, len(clean), bench.space, bench.experiment.seed, _CURVE)
    found: list[tuple[float, float]] = []
    for noise in look.noises:
        if found:
            yield
        noisy = _applied(noise, clean, drawn, bench.space)
        found.append((_mse(noisy, clean), _mse(_passed(bench, noisy), clean)))
    errors = without_rounding(np.array(found, np.float64))
    return CurveSeen(errors[:, 0], errors[:, 1])


def linear_denoiser(
    part: TrainingPart, noise: Noise, dataset: Dataset, check: Callable[[], None] = lambda: None
) -> Wiener:
    """The best linear denoiser of a noise, fitted on training samples."""
    space = Space.of(dataset.facts())
    return fit_wiener(part, noise, partial(_blurred, noise=noise, space=space), check)


def linear_scores(wiener: Wiener, noise: Noise, dataset: Dataset, seed: int, count: int) -> Scores:
    """Scores of a linear denoiser on the very samples and noise that :func:`denoising` looks at."""
    clean = dataset.scaled(dataset.test, _rows(dataset, count))
    noisy = _corrupted(noise, torch.from_numpy(clean), Space.of(dataset.facts()), seed, _CURVE)
    return scores(clean, wiener.denoise(noisy.numpy()), dataset)


def report(bench: Bench, pca: Pca | None) -> dict[str, Any]:
    """MSE over the strength of the experiment's noise, Gaussian where it has none, and all scores at it."""
    del pca  # a linear denoiser needs no axes
    noise, dataset = usual_noise(bench.experiment), bench.dataset
    if problem := hindrance(noise, dataset):
        return {"noise": noise.kind, "problem": problem}
    noises = curve_noises(noise)
    seen = at_once(noise_curve(bench, NoiseCurve(noises, _REPORTED)))
    at = at_once(denoising(bench, Denoising(noise, _REPORTED)))
    linear = list(_linear(dataset, (*noises, noise), bench.experiment.seed))
    return {
        "noise": noise.model_dump(),
        "test_samples": min(_REPORTED, len(bench.test)),
        "range": [dataset.low, dataset.high],
        "curve": {
            strength_name(noise): [strength(n) for n in noises],
            "noisy_mse": seen.noisy.tolist(),
            "wiener_mse": [s.mse for s in linear[:-1]] or None,
            "mse": seen.reconstruction.tolist(),
        },
        "at": {
            "noisy": vars(at.noisy),
            "wiener": vars(linear[-1]) if linear else None,
            "reconstructed": vars(at.reconstruction),
        },
        "wiener_train_samples": fitted_samples(dataset) if linear else None,
    }


def _linear(dataset: Dataset, noises: Sequence[Noise], seed: int) -> Iterator[Scores]:
    if dataset.features <= MOST_FEATURES:
        part = TrainingPart.of(dataset)
        for noise in noises:
            wiener = linear_denoiser(part, noise, dataset)
            yield linear_scores(wiener, noise, dataset, seed, _REPORTED)


def _rows(dataset: Dataset, count: int) -> np.ndarray:
    return stratified(dataset.test.labels, count, 0, len(dataset.test))


def _clean(bench: Bench, count: int) -> Tensor:
    """Test samples (n, k), drawn once and stratified."""
    return bench.test.take(torch.as_tensor(_rows(bench.dataset, count), device=bench.test.device))


def _corrupted(noise: Noise, clean: Tensor, space: Space, seed: int, *numbers: int) -> Tensor:
    """x̃ by the draw of those numbers, which another strength of the same kind scales."""
    return _applied(noise, clean, _draw(noise, len(clean), space, seed, *numbers), space)


def _draw(noise: Noise, count: int, space: Space, seed: int, *numbers: int) -> Tensor | None:
    """Drawn on the processor, so that it is the same on every device."""
    generator = torch.Generator().manual_seed(stream_seed(seed, "test-noise", *numbers))
    return draw(noise, count, space, generator)


def _applied(noise: Noise, clean: Tensor, drawn: Tensor | None, space: Space) -> Tensor:
    return apply(noise, clean, None if drawn is None else drawn.to(clean.device), space)


def _passed(bench: Bench, noisy: Tensor) -> Tensor:
    size = chunk_size(bench.model)
    return torch.cat([bench.model.decode(bench.model.encode(part)) for part in noisy.split(size)])


def _mse(made: Tensor, clean: Tensor) -> float:
    return float((made - clean).square().cpu().mean(dtype=torch.float64))


def _blurred(x: Floats, noise: Noise, space: Space) -> Floats:
    found: Floats = apply(noise, torch.from_numpy(x), None, space).numpy()
    return found
