"""The corrupted test set: the same each time, by any rows, kept whole or drawn in blocks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from aegui.objectives.noise import Space
from aegui.spec import Noise, Poisson, SaltPepper
from aegui.training import kept_noise
from aegui.training.kept_noise import KeptNoise
from aegui.training.trainer import Trainer


@pytest.fixture(params=[True, False], ids=["kept whole", "drawn in blocks"])
def noise_of(
    request: pytest.FixtureRequest, trainer_of: Callable[..., Trainer], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., KeptNoise]:
    if not request.param:
        monkeypatch.setattr(kept_noise, "LARGEST", 0)
        monkeypatch.setattr(kept_noise, "BLOCK", 7)
    trainer = trainer_of()

    def make(noise: Noise, seed: int = 0) -> KeptNoise:
        return KeptNoise(noise, trainer.train, Space.of(trainer.plan.facts), seed)

    return make


@pytest.mark.parametrize("noise", [SaltPepper(p=0.5), Poisson(peak=2)])
def test_that_any_rows_are_those_of_the_whole(noise_of: Callable[..., KeptNoise], noise: Noise) -> None:
    kept = noise_of(noise)
    whole = kept[:]
    assert whole.shape == (100, 64) and torch.equal(kept[slice(13, 55)], whole[13:55])
    rows = torch.tensor([99, 0, 20, 20, 6, 7])
    assert torch.equal(kept[rows], whole[rows])
    assert torch.equal(noise_of(noise)[:], whole) and not torch.equal(noise_of(noise, 1)[:], whole)


def test_that_its_error_is_that_of_its_samples(
    noise_of: Callable[..., KeptNoise], trainer_of: Callable[..., Trainer]
) -> None:
    kept, clean = noise_of(SaltPepper(p=0.5)), trainer_of().train.take(slice(None))
    assert kept.mse == pytest.approx((kept[:] - clean).square().mean().item(), rel=1e-5)
