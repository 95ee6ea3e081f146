"""A corrupted set that is the same each time it is looked at, so that its curve is comparable."""

from __future__ import annotations

from functools import cached_property
from typing import Self

import torch
from torch import Tensor

from aegui.data.streams import stream_seed
from aegui.objectives.noise import Space, apply, draw
from aegui.spec import Block, Experiment, Gaussian, Masking, Noise, NoNoise, SaltPepper, Speckle
from aegui.training.samples import Samples

LARGEST = 2**25  # numbers that are kept in memory: 134 MB
BLOCK = 64  # samples that are drawn together where the set is larger than that
_BY_SAMPLE = (Gaussian, Speckle, Masking, SaltPepper, Block)  # every sample has its own part of the draw


class KeptNoise:
    """The noisy samples (N, k) of a split, by rows. Another strength scales the same draw.

    A small set is drawn once, when it is first needed, and kept. Of a large one blocks of samples
    are drawn again each time, every block from its own seed.
    """

    def __init__(self, noise: Noise, samples: Samples, space: Space, seed: int) -> None:
        self._noise, self._samples, self._space, self._seed = noise, samples, space, seed
        self._small = len(samples) * samples.features <= LARGEST
        self._draw: Tensor | None = None  # kept from the first change of the strength on
        self._whole: Tensor | None = None

    def __len__(self) -> int:
        return len(self._samples)

    def __getitem__(self, rows: slice | Tensor) -> Tensor:
        """x̃ of these samples (n, k)."""
        if self._small:
            if self._whole is None and self._draw is not None and not isinstance(rows, slice):
                return self._applied(rows, self._draw[rows])
            return self._all()[rows]
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

    def with_noise(self, noise: Noise) -> Self:
        """The same samples under another noise; where only the strength differs nothing is drawn again."""
        other = type(self)(noise, self._samples, self._space, self._seed)
        if self._small and type(noise) is type(self._noise) and isinstance(noise, _BY_SAMPLE):
            if self._draw is None:
                self._draw = self._drawn(len(self), self._seed)
            other._draw = self._draw
        return other

    @cached_property
    def mse(self) -> float:
        """Mean squared error of the noisy samples themselves, over samples and features."""
        squares = sum(
            float(self._of_chunk(rows, x).sub_(x).square_().sum()) for rows, x in self._samples.chunks(1000)
        )
        return squares / (len(self) * self._samples.features)

    def _of_chunk(self, rows: slice, clean: Tensor) -> Tensor:
        """x̃ of these samples, a tensor of its own."""
        if self._whole is None and self._draw is not None:
            return apply(self._noise, clean, self._draw[rows], self._space)
        return self[rows].clone()

    def _all(self) -> Tensor:
        if self._whole is None:
            drawn = self._drawn(len(self), self._seed) if self._draw is None else self._draw
            self._whole = self._applied(slice(None), drawn)
        return self._whole

    def _block(self, number: int) -> Tensor:
        rows = slice(number * BLOCK, min((number + 1) * BLOCK, len(self)))
        drawn = self._drawn(rows.stop - rows.start, stream_seed(self._seed, "test-noise", number))
        return self._applied(rows, drawn)

    def _drawn(self, count: int, seed: int) -> Tensor | None:
        generator = torch.Generator(self._samples.device).manual_seed(seed)
        return draw(self._noise, count, self._space, generator)

    def _applied(self, rows: slice | Tensor, drawn: Tensor | None) -> Tensor:
        return apply(self._noise, self._samples.take(rows), drawn, self._space)


def kept_noise(
    experiment: Experiment,
    samples: Samples,
    space: Space,
    *numbers: int,
    before: KeptNoise | None = None,
) -> KeptNoise | None:
    """The corrupted samples of an experiment; None where there is no noise.

    ``numbers`` tell several sets of one experiment apart; the test set has none. ``before``: the same
    set of the same samples under another noise, whose draw is used again where it can be.
    """
    if isinstance(experiment.noise, NoNoise):
        return None
    if before is not None:
        return before.with_noise(experiment.noise)
    seed = stream_seed(experiment.seed, "test-noise", *numbers)
    return KeptNoise(experiment.noise, samples, space, seed)
