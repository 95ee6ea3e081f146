"""The best linear denoisers that a view has been given, and which of them it still lacks."""

from __future__ import annotations

from aegui.analysis.denoising import Linear, LinearWish, Scores, compared, curve_noises
from aegui.analysis.wiener import MOST_FEATURES, Wiener
from aegui.data.dataset import Dataset
from aegui.spec import Noise

_FILTERS = 2**24  # numbers in the linear denoisers that are kept


class LinearKept:
    """Of one data set and seed: scores of all, and the denoisers themselves of the newest."""

    def __init__(self) -> None:
        self.scores: dict[Noise, Scores] = {}
        self.filters: dict[Noise, Wiener] = {}
        self._dataset: Dataset | None = None
        self._seed = 0
        self._asked: Noise | None = None
        self._given_up = False  # whether what was asked for does not come any more

    @property
    def possible(self) -> bool:
        """Whether the samples have so few features that there is a linear denoiser."""
        return self._dataset is not None and self._dataset.features <= MOST_FEATURES

    def belong_to(self, dataset: Dataset | None, seed: int) -> None:
        """Forgets what belongs to other data or to another seed."""
        if self._dataset is not dataset or self._seed != seed:
            self._dataset, self._seed, self._asked = dataset, seed, None
            self.scores, self.filters = {}, {}

    def leave(self) -> bool:
        """Forgets the data set; returns whether anything of it was asked for."""
        asked = self._asked is not None
        self.belong_to(None, 0)
        return asked

    def give_up(self) -> None:
        """What was asked for does not come any more, and is not asked for before :meth:`retry`."""
        self._given_up = True

    def retry(self) -> None:
        """Lets what was given up be asked for again."""
        if self._given_up:
            self._asked, self._given_up = None, False

    def take(self, found: Linear) -> bool:
        """Keeps one that was fitted; False for one of other data."""
        if found.dataset is not self._dataset or found.seed != self._seed:
            return False
        self.scores[found.noise] = found.scores
        self.filters.pop(found.noise, None)
        self.filters[found.noise] = found.wiener
        for noise in list(self.filters)[: -max(1, _FILTERS // found.dataset.features**2)]:
            del self.filters[noise]
        return True

    def wish(self, noise: Noise) -> LinearWish | None:
        """What is lacking for a noise and the curve over its strength; None if it was asked for already."""
        if self._dataset is None or not self.possible or noise == self._asked:
            return None
        self._asked, self._given_up = noise, False
        first = () if noise in self.filters else (noise,)
        rest = (n for n in curve_noises(noise) if n not in self.scores and n not in first)
        return LinearWish(self._dataset, self._seed, (*first, *rest), compared(self._dataset))
