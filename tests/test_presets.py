"""The presets that ship: valid on every built-in set, in the order of teaching, and found by name."""

from __future__ import annotations

import pytest

from aegui.data.catalog import catalog
from aegui.errors import InvalidInput
from aegui.plan import Facts, resolve
from aegui.spec import Data, Experiment, dumps, loads, replace, replace_all
from aegui.spec.presets import Preset, preset, presets

TYPES = {
    "undercomplete": "undercomplete autoencoder",
    "deep": "undercomplete autoencoder",
    "sparse": "sparse autoencoder",
    "denoising": "denoising autoencoder",
    "sparse-denoising": "sparse denoising autoencoder",
}
BUILT_IN = [
    Facts(shape=e.shape, low=0, high=1, train=e.train, test=e.test, classes=len(e.classes)) for e in catalog()
]
each = pytest.mark.parametrize("preset", presets(), ids=lambda p: p.name)


def test_that_the_presets_are_those_that_are_taught_in_their_order() -> None:
    assert [p.name for p in presets()] == list(TYPES)


@each
@pytest.mark.parametrize("facts", BUILT_IN, ids=[e.name for e in catalog()])
def test_that_a_preset_is_of_its_type_and_has_no_problems(preset: Preset, facts: Facts) -> None:
    plan = resolve(preset.experiment, facts)
    assert plan.type == TYPES[preset.name] and plan.problems == ()


@each
def test_that_a_preset_says_in_two_sentences_why_its_values_work(preset: Preset) -> None:
    assert preset.title == preset.experiment.title
    assert preset.why.count(". ") == 1 and preset.why.endswith(".")


@each
def test_that_a_preset_is_an_experiment_that_can_be_saved(preset: Preset) -> None:
    assert loads(dumps(preset.experiment)) == preset.experiment


@each
def test_that_a_preset_keeps_the_data_and_the_seed(preset: Preset) -> None:
    mine = Experiment(seed=7, data=Data(source="digits", train=300), title="Mine")
    applied = preset.applied_to(mine)
    assert (applied.seed, applied.data) == (7, mine.data)
    assert preset.matches(applied)
    assert replace_all(applied, {"seed": 0, "data": Data()}) == preset.experiment


def test_that_an_experiment_matches_at_most_its_own_preset() -> None:
    for one in presets():
        assert [p.name for p in presets() if p.matches(one.experiment)] == [one.name]
    assert not any(p.matches(replace(presets()[0].experiment, "code.size", 3)) for p in presets())


def test_that_a_preset_is_found_by_its_name() -> None:
    assert preset("sparse-denoising").name == "sparse-denoising"


def test_that_an_unknown_name_is_told_with_the_names_that_there_are() -> None:
    with pytest.raises(InvalidInput) as caught:
        preset("denosing")
    message = str(caught.value)
    assert message.startswith("denosing: is neither a file nor a preset (undercomplete, deep, sparse,")
    assert message.endswith("; did you mean denoising?")
    with pytest.raises(InvalidInput, match=r"sparse-denoising\)$"):
        preset("xyz")
