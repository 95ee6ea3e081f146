"""Replacing and comparing single parts of an experiment."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aegui.errors import InvalidExperiment
from aegui.spec import (
    SGD,
    Architecture,
    Dense,
    Experiment,
    Gaussian,
    Masking,
    NoNoise,
    Penalty,
    Training,
    changed_paths,
    get,
    is_live,
    older_paths,
    replace,
    replace_all,
)
from aegui.spec.edits import flatten, label_of
from aegui.spec.penalty import KL, L1

BASE = Experiment(noise=Gaussian(sigma=0.3))


def refused(path: str, value: Any = 1, base: Experiment = BASE) -> str:
    with pytest.raises(InvalidExperiment) as caught:
        replace(base, path, value)
    (line,) = caught.value.lines
    return line


def test_that_a_part_is_replaced_and_the_old_experiment_stays() -> None:
    new = replace(BASE, "noise.sigma", 0.4)
    assert get(new, "noise.sigma") == 0.4 and get(BASE, "noise.sigma") == 0.3
    assert changed_paths(BASE, new) == ("noise.sigma",)


@pytest.mark.parametrize("path", ["architecture.encoder[1].units", "architecture.encoder.1.units"])
def test_that_numbers_in_a_path_name_layers(path: str) -> None:
    base = Experiment(architecture=Architecture(encoder=(Dense(units=8), Dense(units=4))))
    new = replace(base, path, 5)
    assert [layer.units for layer in new.architecture.encoder] == [8, 5]
    assert get(new, path) == 5


def test_that_a_new_kind_drops_the_parts_it_does_not_have_and_keeps_the_others() -> None:
    unclipped = Experiment(noise=Gaussian(sigma=0.3, clip=False))
    assert replace(unclipped, "noise.kind", "masking").noise == Masking(clip=False)
    assert replace(unclipped, "noise.kind", "none").noise == NoNoise()
    assert replace(BASE, "training.optimizer.kind", "sgd").training.optimizer == SGD()
    heavy = Experiment(penalty=Penalty(code=KL(weight=0.5, rho=0.2)))
    assert replace(heavy, "penalty.code.kind", "l1").penalty.code == L1(weight=0.5)


def test_that_whole_values_dicts_and_lists_can_be_put_in() -> None:
    assert replace(BASE, "noise", Masking(p=0.5)).noise == Masking(p=0.5)
    assert replace(BASE, "noise", {"kind": "masking", "p": 0.5}).noise == Masking(p=0.5)
    assert replace(BASE, "architecture.encoder", []).architecture.encoder == ()
    assert replace(BASE, "data.train", None).data.train is None


def test_that_several_changes_are_checked_when_all_are_in() -> None:
    new = replace_all(Experiment(), {"noise.kind": "gaussian", "noise.sigma": 1.5})
    assert new.noise == Gaussian(sigma=1.5)
    with pytest.raises(InvalidExperiment) as caught:
        replace_all(BASE, {"noise.sigma": 9, "code.size": 0})
    assert {p.path for p in caught.value.problems} == {"noise.sigma", "code.size"}


def test_that_an_unknown_path_is_corrected() -> None:
    assert refused("noise.sgma") == (
        'noise.sgma: is not a setting of the kind "gaussian"; did you mean sigma?'
    )
    assert refused("cod.size") == "cod.size: is not a known setting; did you mean code?"
    assert refused("noise.p", base=Experiment()) == 'noise.p: is not a setting of the kind "none"'
    assert refused("architecture.encoder[3].units") == "architecture.encoder[3].units: there is no entry 3"
    assert refused("architecture.decoder[0].units") == "architecture.decoder[0].units: there is no entry 0"
    assert refused("") == "is not a path such as noise.sigma"
    assert refused("title.x") == "title.x: is not a known setting"


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("noise.sigma", 3, "must be at most 2, got 3"),
        ("noise.sigma", float("nan"), "must be a finite number, got nan"),
        ("code.size", "32", 'must be a whole number, got "32"'),
        ("seed", True, "must be a whole number, got true"),
        ("noise.kind", "masc", "must be one of"),
    ],
)
def test_that_a_value_that_does_not_fit_is_refused_at_its_path(path: str, value: Any, message: str) -> None:
    assert refused(path, value).startswith(f"{path}: {message}")


@pytest.mark.parametrize(
    "path", ["code.model_fields", "code.__class__", "seed.real", "noise.p", "data.classes[0]"]
)
def test_that_only_parts_of_the_experiment_can_be_read(path: str) -> None:
    with pytest.raises(InvalidExperiment):
        get(BASE, path)


@given(st.text(alphabet="abcdeinos.[]0123²-", max_size=25), st.integers() | st.text(max_size=3))
@settings(deadline=None, max_examples=60)
def test_that_no_path_breaks_an_edit(path: str, value: Any) -> None:
    try:
        replace(BASE, path, value)
    except InvalidExperiment as error:
        assert error.problems


def test_that_every_leaf_can_be_read_and_put_back() -> None:
    for path, value in flatten(BASE).items():
        assert get(BASE, path) == value
        assert replace(BASE, path, value) == BASE


def test_that_live_parts_are_rate_weights_and_strength() -> None:
    base = Experiment(noise=Gaussian(), penalty=Penalty(code=KL()))
    live = {path for path in flatten(base) if is_live(base, path)}
    assert live == {
        "code.beta",
        "penalty.code.weight",
        "penalty.code.rho",
        "penalty.weights_l1",
        "penalty.weights_l2",
        "penalty.jacobian",
        "noise.clip",
        "noise.sigma",
        "training.rate",
        "training.clip_norm",
        "training.patience",
        "training.target_loss",
    }


def test_that_live_changes_title_and_length_leave_a_run_up_to_date() -> None:
    now = replace_all(BASE, {"noise.sigma": 0.9, "training.rate": 0.1, "title": "x", "training.epochs": 99})
    assert older_paths(BASE, now) == ()


def test_that_any_other_change_makes_a_run_one_of_an_older_experiment() -> None:
    assert older_paths(BASE, replace(BASE, "code.size", 3)) == ("code.size",)
    assert "noise.kind" in older_paths(BASE, replace(BASE, "noise.kind", "masking"))
    assert older_paths(BASE, Experiment(noise=Gaussian(), training=Training(loss="bce"))) == (
        "training.loss",
    )


def test_that_every_path_has_a_label_for_people() -> None:
    labels = {path: label_of(BASE, path) for path in ("noise.kind", "noise.sigma", "code.size", "seed")}
    assert labels["noise.kind"] == "Noise on the input" and labels["noise.sigma"] == "Noise strength"
    assert label_of(BASE, "training.optimizer.kind") == "Optimiser"
    assert label_of(BASE, "architecture.encoder[0].units") == "Units"
    assert label_of(BASE, "architecture.encoder[9].units") == "units"
    assert label_of(BASE, "") == "experiment"
