"""The terms of an objective and their formulas follow from the experiment alone."""

from __future__ import annotations

from typing import Any

import pytest

from aegui.spec import Experiment, get, replace_all
from aegui.spec.formula import definitions, every_math, formula, plain_formula, term
from aegui.spec.terms import term_names

ALL: dict[str, Any] = {
    "noise.kind": "gaussian",
    "code.activation": "sigmoid",
    "code.variational": True,
    "code.beta": 2.0,
    "penalty.code.kind": "kl",
    "penalty.weights_l1": 1e-5,
    "penalty.weights_l2": 1e-4,
    "penalty.jacobian": 0.1,
}


def made(**changes: Any) -> Experiment:
    return replace_all(Experiment(), {path.replace("__", "."): value for path, value in changes.items()})


def test_that_the_reconstruction_comes_first_and_is_named_by_its_loss() -> None:
    for loss in ("mse", "bce", "mae", "huber"):
        assert term_names(made(training__loss=loss)) == (loss,)


def test_that_every_part_that_is_on_is_a_term() -> None:
    names = ("mse", "code_kl", "variational_kl", "weights_l1", "weights_l2", "jacobian")
    experiment = replace_all(Experiment(), ALL)
    assert term_names(experiment) == names
    assert tuple(t.name for t in formula(experiment)) == names


def test_that_a_weight_of_zero_is_no_term() -> None:
    assert term_names(made(penalty__weights_l1=0.0, penalty__jacobian=0.0)) == ("mse",)


def test_that_a_penalty_on_the_code_is_a_term_even_at_weight_zero() -> None:
    off = replace_all(Experiment(), {"penalty.code": {"kind": "l1", "weight": 0.0}})
    assert term_names(off) == ("mse", "code_l1")


def test_that_the_formula_reads_as_in_the_textbook() -> None:
    experiment = replace_all(Experiment(), {"noise.kind": "masking", "penalty.code.kind": "l1"})
    assert plain_formula(formula(experiment)) == "L = (1/k)·‖x − f(g(x̃))‖² + λ·Σⱼ |hⱼ|"


def test_that_there_is_no_noisy_input_without_noise() -> None:
    clean, noisy = made(penalty__jacobian=0.1), made(penalty__jacobian=0.1, noise__kind="blur")
    assert not any("x̃" in t.plain or "tilde" in t.math for t in formula(clean))
    assert all("x̃" in t.plain and "tilde" in t.math for t in formula(noisy))


def test_that_letters_come_with_their_numbers() -> None:
    experiment = replace_all(Experiment(), ALL)
    numbers = {t.name: dict(t.numbers) for t in formula(experiment)}
    assert numbers["code_kl"] == {"λ": 0.01, "ρ": 0.05}
    assert numbers["variational_kl"] == {"β": 2.0}
    assert numbers["weights_l1"] == {"λ₁": 1e-5}
    assert dict(formula(made(training__loss="huber", training__delta=0.3))[0].numbers) == {"δ": 0.3}


def test_that_short_hands_are_explained_where_they_are_used() -> None:
    assert definitions(made()) == ()
    noisy = made(training__loss="bce", noise__kind="salt-pepper")
    assert definitions(noisy) == ("x̃: salt and pepper, p = 0.2",)
    assert "x̂ = f(g(x̃))" in formula(noisy)[0].tip
    assert definitions(made(penalty__code__kind="l2")) == ("h = g(x)",)


def test_that_every_term_names_parts_that_an_experiment_has() -> None:
    experiment = replace_all(Experiment(), ALL)
    for shown in formula(experiment):
        get(experiment, shown.path)
        get(Experiment(), shown.choice)


def test_that_a_term_tells_its_source() -> None:
    experiment = replace_all(Experiment(), ALL)
    tips = {t.name: t.tip for t in formula(experiment)}
    assert "Ng 2011" in tips["code_kl"] and "Rifai et al. 2011" in tips["jacobian"]
    assert "Kingma & Welling 2014" in tips["variational_kl"]
    assert all("\n" in tip for tip in tips.values())


def test_that_a_term_that_was_switched_off_still_has_a_formula() -> None:
    assert term(made(), "weights_l2").numbers == (("λ₂", 0.0),)
    assert term(made(), "code_l1").numbers == ()


@pytest.mark.parametrize("noise", ["none", "gaussian"])
@pytest.mark.parametrize("loss", ["mse", "bce", "mae", "huber"])
def test_that_all_mathematics_is_known_beforehand(loss: str, noise: str) -> None:
    for penalty in ("l1", "l2", "kl"):
        changes = ALL | {"training.loss": loss, "noise.kind": noise, "penalty.code.kind": penalty}
        assert {t.math for t in formula(replace_all(Experiment(), changes))} <= set(every_math())
