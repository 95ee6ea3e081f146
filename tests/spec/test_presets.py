"""The presets that ship: each right on its own data, in the order of teaching, and found by name."""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from typing import Any

import pytest

from aegui.data.load import load_dataset
from aegui.errors import InvalidInput
from aegui.plan import Facts, Plan, resolve
from aegui.resources import resource
from aegui.spec import Data, Experiment, ImagesSource, TableSource, dumps, loads, replace, replace_all
from aegui.spec.presets import Preset, demo_experiment, preset, presets, types

TYPES = {
    "undercomplete": "undercomplete autoencoder",
    "deep": "undercomplete autoencoder",
    "deep-one-cycle": "undercomplete autoencoder",
    "tied": "undercomplete autoencoder",
    "sparse": "sparse autoencoder",
    "sparse-l2": "sparse autoencoder",
    "sparse-kl": "sparse autoencoder",
    "overcomplete": "denoising autoencoder",
    "denoising": "denoising autoencoder",
    "denoising-masking": "denoising autoencoder",
    "denoising-salt-pepper": "denoising autoencoder",
    "denoising-speckle": "denoising autoencoder",
    "denoising-poisson": "denoising autoencoder",
    "denoising-block": "denoising autoencoder",
    "denoising-blur": "denoising autoencoder",
    "sparse-denoising": "sparse denoising autoencoder",
    "contractive": "contractive autoencoder",
    "variational": "variational autoencoder",
    "beta-variational": "variational autoencoder",
    "convolutional": "undercomplete autoencoder",
    "convolutional-denoising": "denoising autoencoder",
    "convolutional-variational": "variational autoencoder",
    "anomaly": "undercomplete autoencoder",
}
OFFLINE = (
    "mnist",
    "fashion",
    "digits",
    "shapes",
    "signals",
    "breast-cancer",
    "wine",
    "swiss-roll",
    "s-curve",
)
SUITED_TO_ALL = ("undercomplete", "denoising", "variational")

FILES: dict[str, dict[str, Any]] = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in resource("presets").glob("*.toml")
}
GOOD = tuple(p for p in presets() if not p.mistake)
MISTAKES = tuple(p for p in presets() if p.mistake)
each = pytest.mark.parametrize("preset", presets(), ids=lambda p: p.name)
each_good = pytest.mark.parametrize("preset", GOOD, ids=lambda p: p.name)
each_set = pytest.mark.parametrize("source", OFFLINE)


def plan_of(preset: Preset) -> Plan:
    return resolve(preset.experiment, facts_of(preset.experiment.data))


@cache
def facts_of(data: Data) -> Facts:
    return load_dataset(data, seed=0).facts()


def test_that_the_types_are_those_that_are_taught_in_their_order() -> None:
    assert [p.name for p in GOOD if p.source == "mnist"] == list(TYPES)


def test_that_types_and_suited_presets_are_found_by_name_as_by_looking_through_all() -> None:
    looked = [p for p in GOOD if p.name == p.type and not p.experiment.data.normal]
    assert list(types()) == looked
    for kind, source in {(p.type, p.source) for p in GOOD}:
        first = next(p for p in presets() if (p.type, p.source) == (kind, source))
        assert preset(kind).suited(source) is first
    assert all(p.suited(p.source) is p for p in MISTAKES)


def test_that_a_preset_that_needs_labels_is_no_type_of_network() -> None:
    assert [p.name for p in types()] == [name for name in TYPES if name != "anomaly"]
    assert all(bool(p.experiment.data.normal) == (p.type == "anomaly") for p in presets())


@each_good
def test_that_a_preset_is_of_its_type_and_free_of_problems_and_warnings_on_its_data(preset: Preset) -> None:
    plan = plan_of(preset)
    assert plan.type == TYPES[preset.type]
    assert (plan.problems, plan.warnings) == ((), ())


@pytest.mark.parametrize("preset", MISTAKES, ids=lambda p: p.name)
def test_that_a_mistake_can_be_trained_and_says_so_in_its_name(preset: Preset) -> None:
    assert preset.name.startswith("mistake-") and preset.type == preset.name
    assert plan_of(preset).problems == ()


@each_good
def test_that_a_preset_bears_the_name_of_its_type_and_of_its_data(preset: Preset) -> None:
    assert preset.type in TYPES
    own = preset.type if preset.source == "mnist" else f"{preset.type}-{preset.source}"
    assert preset.name == own
    if preset.source != "mnist":
        assert preset.title.lower().endswith(
            f", {preset.source}".replace("-", " ").replace("s curve", "s-curve")
        )


def test_that_the_presets_of_a_set_have_a_place_each() -> None:
    places = Counter((p.mistake, "" if p.mistake else p.source, FILES[p.name]["order"]) for p in presets())
    assert [place for place, count in places.items() if count > 1] == []


@pytest.mark.parametrize("name", [p.name for p in presets()])
def test_that_a_file_says_nothing_that_is_not_read(name: str) -> None:
    assert set(FILES[name]) <= {"type", "mistake", "order", "why", "experiment"}


def test_that_no_two_presets_share_a_type_and_a_set_or_a_title() -> None:
    for shared in (Counter((p.type, p.source) for p in presets()), Counter(p.title for p in presets())):
        assert [key for key, count in shared.items() if count > 1] == []


def test_that_every_preset_is_of_a_set_that_needs_no_network() -> None:
    assert {p.source for p in presets()} == set(OFFLINE)


@each_set
@pytest.mark.parametrize("name", TYPES)
def test_that_a_type_is_suited_to_a_set_by_its_preset_there(name: str, source: str) -> None:
    found = preset(name).suited(source)
    assert found.type == name
    assert found.source == (source if found.name != name else "mnist")
    if name in SUITED_TO_ALL:
        assert found.source == source


def test_that_a_file_of_ones_own_is_suited_by_a_set_that_is_like_it() -> None:
    undercomplete = preset("undercomplete")
    assert undercomplete.suited(TableSource(rows="signal")).source == "signals"
    assert undercomplete.suited(TableSource()).source == "breast-cancer"
    assert undercomplete.suited(ImagesSource()) is undercomplete


@each
def test_that_a_preset_says_why_in_two_sentences(preset: Preset) -> None:
    assert preset.title == preset.experiment.title
    assert preset.why.count(". ") == 1 and preset.why.endswith(".")
    assert preset.why[0].isupper() and preset.why.split(". ")[1][0].isupper()
    assert len(preset.why) <= 300


@each
def test_that_a_preset_is_an_experiment_that_can_be_saved(preset: Preset) -> None:
    assert loads(dumps(preset.experiment)) == preset.experiment


@each_good
def test_that_a_preset_keeps_the_data_and_the_seed(preset: Preset) -> None:
    mine = Experiment(seed=7, data=Data(source=preset.source, train=300), title="Mine")
    applied = preset.applied_to(mine)
    assert (applied.seed, applied.data) == (7, mine.data)
    assert preset.matches(applied)
    kept = {"seed": preset.experiment.seed, "data": preset.experiment.data}
    assert replace_all(applied, kept) == preset.experiment


def test_that_an_experiment_matches_at_most_its_own_preset() -> None:
    offered = (*types(), *MISTAKES)
    for one in presets():
        own = [p.name for p in offered if p.name == (one.name if one.mistake else one.type)]
        assert [p.name for p in offered if p.matches(one.experiment)] == own
    assert not any(p.matches(replace(presets()[0].experiment, "code.size", 3)) for p in presets())


def test_that_a_type_takes_the_values_that_suit_the_data() -> None:
    mine = Experiment(data=Data(source="wine"))
    assert preset("variational").applied_to(mine).training.loss == "mse"
    assert preset("variational").experiment.training.loss == "bce"


def test_that_the_demonstration_is_the_denoising_autoencoder() -> None:
    assert demo_experiment(None) == replace(preset("denoising").experiment, "training.epochs", 5)


def test_that_a_preset_is_found_by_its_name() -> None:
    assert preset("sparse-denoising").name == "sparse-denoising"
    assert preset("sparse-wine").experiment.data.source == "wine"


def test_that_an_unknown_name_is_told_with_the_names_that_there_are() -> None:
    with pytest.raises(InvalidInput) as caught:
        preset("denosing")
    message = str(caught.value)
    assert message.startswith(
        "denosing: is neither a file nor a preset (undercomplete, deep, deep-one-cycle,"
    )
    assert message.endswith("; did you mean denoising?")
    with pytest.raises(InvalidInput, match=r"all of them: aegui presets\)$"):
        preset("xyz")
