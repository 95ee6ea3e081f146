"""A corrupted set that is the same each time it is looked at, so that its curve is comparable."""

from __future__ import annotations

from functools import cached_property

import torch
from torch import Tensor

from aegui.data.streams import stream_seed
from aegui.objectives.noise import Space, apply, draw
from aegui.spec import Experiment, Noise, NoNoise
from aegui.training.samples import Samples

LARGEST = 2**25  # numbers that are kept in memory: 134 MB
BLOCK = 64  # samples that are drawn together where the set is larger than that


class KeptNoise:
    """The noisy samples (N, k) of a split, by rows. Another strength scales the same draw.

    A small set is drawn once and kept. Of a large one blocks of samples are drawn again each
    time, every block from its own seed.
    """

    def __init__(self, noise: Noise, samples: Samples, space: Space, seed: int) -> None:
        self._noise, self._samples, self._space, self._seed = noise, samples, space, seed
        small = len(samples) * samples.features <= LARGEST
        self._whole = self._drawn(slice(None), len(samples), seed) if small else None

    def __len__(self) -> int:
        return len(self._samples)

    def __getitem__(self, rows: slice | Tensor) -> Tensor:
        """x̃ of these samples (n, k)."""
        if self._whole is not None:
            return self._whole[rows]
        if isinstance(rows, slice):
            return self._stretch(*rows.indices(len(self))[:2])
        found = torch.empty((len(rows), self._samples.features), device=rows.device)
        blocks = torch.div(rows, BLOCK, rounding_mode="floor")
        for block in blocks.unique().tolist():
            of_block = blocks == block
            found[of_block] = self._block(block)[rows[of_block] - block * BLOCK]
        return found

    def _stretch(self, start: int, stop: int) -> Tensor:
        first = start // BLOCK
        blocks = [self._block(number) for number in range(first, -(-stop // BLOCK))]
        return torch.cat(blocks)[start - first * BLOCK : stop - first * BLOCK]

    @cached_property
    def mse(self) -> float:
        """Mean squared error of the noisy samples themselves, over samples and features."""
        squares = sum(float((self[rows] - x).square().sum()) for rows, x in self._samples.chunks(1000))
        return squares / (len(self) * self._samples.features)

    def _block(self, number: int) -> Tensor:
        rows = slice(number * BLOCK, min((number + 1) * BLOCK, len(self)))
        return self._drawn(rows, rows.stop - rows.start, stream_seed(self._seed, "test-noise", number))

    def _drawn(self, rows: slice, count: int, seed: int) -> Tensor:
        generator = torch.Generator(self._samples.device).manual_seed(seed)
        drawn = draw(self._noise, count, self._space, generator)
        return apply(self._noise, self._samples.take(rows), drawn, self._space)


def kept_noise(experiment: Experiment, samples: Samples, space: Space, *numbers: int) -> KeptNoise | None:
    """The corrupted samples of an experiment; None where there is no noise.

    ``numbers`` tell several sets of one experiment apart; the test set has none.
    """
    if isinstance(experiment.noise, NoNoise):
        return None
    seed = stream_seed(experiment.seed, "test-noise", *numbers)
    return KeptNoise(experiment.noise, samples, space, seed)
