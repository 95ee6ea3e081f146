"""What the denoising workspace asks is answered as one would work it out by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from aegui.analysis.denoising import (
    KINDS,
    Denoise,
    Denoising,
    NoiseCurve,
    compared,
    curve_noises,
    hindrance,
    strength,
    strength_name,
    strengths,
    usual_noise,
    with_strength,
    without_rounding,
)
from aegui.analysis.looking import see
from aegui.analysis.looking.denoising import linear_denoiser, linear_scores, report
from aegui.analysis.similarity import ssim
from aegui.analysis.wiener import TrainingPart
from aegui.data.load import load_dataset
from aegui.spec import Blur, Data, Experiment, Gaussian, Masking, NoNoise, Poisson

ROWS = (4, 0, 11)
LOOKS = [Denoise(Gaussian(sigma=0.3), ROWS), Denoising(Masking()), NoiseCurve(curve_noises(Gaussian()))]


def ask(bench, look):
    with torch.no_grad():
        return see(bench, look)


def test_that_every_kind_has_a_strength_and_a_curve_over_it() -> None:
    names = {kind: strength_name(cls) for kind, cls in KINDS.items()}
    assert names == {
        "gaussian": "sigma",
        "masking": "p",
        "salt-pepper": "p",
        "speckle": "sigma",
        "poisson": "peak",
        "block": "side",
        "blur": "sigma",
    }
    assert strengths(Gaussian()) == (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    assert strengths(Poisson()) == (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
    for cls in KINDS.values():
        noises = curve_noises(cls())
        assert 9 <= len(noises) <= 13
        assert tuple(strength(n) for n in noises) == strengths(cls())
        assert with_strength(noises[0], strength(cls())) == cls()


def test_that_the_noise_to_look_at_is_the_experiments_or_gaussian() -> None:
    assert usual_noise(Experiment(noise=NoNoise())) == Gaussian()
    assert usual_noise(Experiment(noise=Masking(p=0.4))) == Masking(p=0.4)


def test_that_what_data_do_not_allow_is_said_with_the_reason() -> None:
    wine, digits = (load_dataset(Data(source=name), 0) for name in ("wine", "digits"))
    assert "at least 0" in hindrance(Poisson(), wine)
    assert "neighbours" in hindrance(Blur(), wine)
    assert all(hindrance(cls(), digits) == "" for cls in KINDS.values())


def test_that_few_of_large_samples_are_compared() -> None:
    sizes = {"digits": 300, "wine": 36, "shapes": 256}  # of 64, 13 and 1,024 features
    for name, expected in sizes.items():
        assert compared(load_dataset(Data(source=name), 0)) == expected


def test_that_samples_are_corrupted_and_reconstructed(bench_of) -> None:
    bench = bench_of({"noise.kind": "masking"})
    seen = ask(bench, Denoise(Gaussian(sigma=0.3, clip=False), (*ROWS, 99)))
    assert seen.rows.tolist() == list(ROWS)  # the test set has 30 samples
    assert (seen.clean == bench.dataset.scaled(bench.dataset.test, np.array(ROWS))).all()
    with torch.no_grad():
        made = bench.model.decode(bench.model.encode(torch.from_numpy(seen.noisy)))
    assert seen.reconstruction == pytest.approx(made.numpy(), abs=1e-6)
    assert (seen.noisy - seen.clean).std() == pytest.approx(0.3, rel=0.15)


def test_that_a_draw_is_kept_and_scaled_until_it_is_drawn_anew(bench_of) -> None:
    bench = bench_of()
    weak, strong, again, other = (
        ask(bench, Denoise(Gaussian(sigma=sigma, clip=False), ROWS, number))
        for sigma, number in ((0.1, 0), (0.4, 0), (0.1, 0), (0.1, 1))
    )
    assert (weak.noisy == again.noisy).all()
    assert strong.noisy - strong.clean == pytest.approx(4 * (weak.noisy - weak.clean), abs=1e-5)
    assert np.abs(other.noisy - weak.noisy).max() > 0.05


@pytest.mark.parametrize("kind", KINDS)
def test_that_the_scores_are_a_point_of_the_curve(kind: str, bench_of) -> None:
    bench, noises = bench_of(), curve_noises(KINDS[kind]())
    curve, scored = ask(bench, NoiseCurve(noises)), ask(bench, Denoising(noises[3]))
    assert scored.noisy.mse == pytest.approx(curve.noisy[3], rel=1e-5)
    assert scored.reconstruction.mse == pytest.approx(curve.reconstruction[3], rel=1e-5)
    assert scored.noisy.psnr == pytest.approx(10 * np.log10(1 / scored.noisy.mse))


def test_that_scores_are_means_over_the_same_samples_for_all(bench_of) -> None:
    bench, noise = bench_of(), Gaussian(sigma=0.4)
    scored, dataset = ask(bench, Denoising(noise)), bench.dataset
    clean = dataset.scaled(dataset.test)
    assert scored.noisy.mse == pytest.approx(ask(bench, NoiseCurve((noise,))).noisy[0])
    wiener = linear_denoiser(TrainingPart.of(dataset), noise, dataset)
    linear = linear_scores(wiener, noise, dataset, bench.experiment.seed, 300)
    assert linear.mse < scored.noisy.mse
    nothing = linear_scores(
        type(wiener)(wiener.mean * 0, wiener.mean * 0, np.eye(64, dtype=np.float32)),
        noise,
        dataset,
        bench.experiment.seed,
        300,
    )
    assert nothing.mse == pytest.approx(scored.noisy.mse, rel=1e-6)
    assert nothing.ssim == pytest.approx(scored.noisy.ssim, abs=1e-6)
    assert ssim(clean, clean, (8, 8), 1.0).mean() == pytest.approx(1.0)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: type(look).__name__)
def test_that_a_diverged_network_has_an_answer(look, bench_of) -> None:
    bench = bench_of()
    with torch.no_grad():
        bench.model.output.bias.fill_(float("inf"))
    answer = ask(bench, look)
    assert answer is not None


@pytest.mark.parametrize("kind", ["none", "masking", "blur"])
def test_that_a_report_is_plain_numbers(kind: str, bench_of) -> None:
    bench = bench_of({"noise.kind": kind})
    with torch.no_grad():
        told = report(bench, None)
    assert json.loads(json.dumps(told)) == told
    assert told["noise"]["kind"] == ("gaussian" if kind == "none" else kind)
    assert told["test_samples"] == 30 and told["wiener_train_samples"] == 100
    lines = told["curve"]
    assert {len(line) for line in lines.values()} == {11}
    assert set(told["at"]) == {"noisy", "wiener", "reconstructed"}
    assert told["at"]["wiener"]["mse"] < told["at"]["noisy"]["mse"]


def test_that_rounding_is_no_error() -> None:
    found = without_rounding(np.array([0.0, 3e-15, 2e-9, np.nan, np.inf]))
    assert found.tolist()[:3] == [0.0, 0.0, 2e-9] and np.isnan(found[3]) and found[4] == np.inf
