"""The corrupted test set: the same each time, by any rows, kept whole or drawn in blocks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from aegui.objectives.noise import Space
from aegui.spec import Block, Blur, Gaussian, Masking, Noise, Poisson, SaltPepper
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


@pytest.mark.parametrize(
    ("weak", "strong"),
    [
        (Gaussian(sigma=0.1), Gaussian(sigma=0.7)),
        (SaltPepper(p=0.1), SaltPepper(p=0.6)),
        (Block(side=0.2), Block(side=0.6)),
        (Poisson(peak=20), Poisson(peak=2)),
        (Blur(sigma=0.5), Blur(sigma=2)),
        (Gaussian(sigma=0.1), Masking(p=0.5)),
    ],
)
def test_that_another_strength_is_what_it_would_have_been_from_the_start(
    noise_of: Callable[..., KeptNoise], weak: Noise, strong: Noise
) -> None:
    expected, changed = noise_of(strong), noise_of(weak).with_noise(strong)
    rows = torch.tensor([99, 0, 20])
    assert torch.equal(changed[rows], expected[rows])  # before anybody has asked for the whole
    assert changed.mse == expected.mse
    assert torch.equal(changed[:], expected[:]) and torch.equal(changed[rows], expected[rows])
    assert torch.equal(changed.with_noise(weak)[:], noise_of(weak)[:])


def test_that_its_error_is_that_of_its_samples(
    noise_of: Callable[..., KeptNoise], trainer_of: Callable[..., Trainer]
) -> None:
    kept, clean = noise_of(SaltPepper(p=0.5)), trainer_of().train.take(slice(None))
    assert kept.mse == pytest.approx((kept[:] - clean).square().mean().item(), rel=1e-5)
