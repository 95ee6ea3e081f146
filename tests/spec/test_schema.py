"""The JSON schema that ships: current, true of every experiment, and helpful to editors."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from drawn_experiments import experiments
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from aegui.errors import InvalidExperiment
from aegui.resources import resource
from aegui.spec import Experiment, dumps, loads
from aegui.spec.edits import validated
from aegui.spec.presets import Preset, presets
from aegui.spec.schema import experiment_schema, schema_text

SCHEMA = experiment_schema()
VALIDATOR = Draft202012Validator(SCHEMA)


def test_that_the_schema_that_ships_is_current() -> None:
    """If not: python packaging/make_schema.py."""
    assert resource("schema", "experiment.schema.json").read_text(encoding="utf-8") == schema_text()


def test_that_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    text = schema_text()
    assert '"null"' not in text and "discriminator" not in text


@pytest.mark.parametrize("preset", presets(), ids=lambda p: p.name)
def test_that_every_preset_is_valid(preset: Preset) -> None:
    VALIDATOR.validate(tomllib.loads(dumps(preset.experiment)))


@given(experiments)
@settings(deadline=None, max_examples=30)
def test_that_every_experiment_is_valid(experiment: Experiment) -> None:
    VALIDATOR.validate(tomllib.loads(dumps(experiment)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[architecture]\nencoder = [{ units = 3 }, {}]",
        '[data]\nsource = { kind = "csv", path = "x.csv" }',
        '[noise]\nkind = "blur"',
        "[architecture]\ndecoder = []",
    ],
)
def test_that_what_may_be_left_out_may_be_left_out(text: str) -> None:
    loads(text)
    VALIDATOR.validate(tomllib.loads(text))


WRONG = [
    "titel = 'x'",
    "seed = -1",
    "seed = 'one'",
    "format = 0",
    "[code]\nsize = 0",
    "[code]\nsize = 1.5",
    "[code]\nactivation = 'Relu'",
    "[code]\nvariational = 1",
    "[noise]\nsigma = 0.3",
    "[noise]\nkind = 'gausian'",
    "[noise]\nkind = 'gaussian'\nsigma = 3.5",
    "[noise]\nkind = 'gaussian'\np = 0.5",
    "[architecture]\nencoder = [512]",
    "[architecture]\nencoder = [{ kind = 'dense', channels = 3 }]",
    "[architecture]\nencoder = [{ channels = 3 }]",
    "[architecture]\ndecoder = 'miror'",
    "[penalty]\ncode = { kind = 'kl', rho = 0 }",
    "[training]\nrate = 0",
    "[training]\noptimizer = 'adam'",
    "[data]\nsource = 5",
    "[data]\nsource = { kind = 'csv', paht = 'x' }",
    "[data]\ntrain = 0",
    "[data]\nclasses = [1.5]",
]


@pytest.mark.parametrize("text", WRONG)
def test_that_a_wrong_experiment_is_wrong_by_the_schema(text: str) -> None:
    tree = tomllib.loads(text)
    with pytest.raises(InvalidExperiment):
        validated(tree)
    assert not VALIDATOR.is_valid(tree)


words = ["kind", "size", "units", "sigma", "p", "encoder", "code", "gaussian", "dense", "l1"]


@given(
    st.dictionaries(
        st.sampled_from(["seed", "title", "noise", "code", "penalty", "architecture", "training"]),
        st.integers(-1, 3)
        | st.sampled_from(words)
        | st.dictionaries(st.sampled_from(words), st.integers(-1, 3) | st.sampled_from(words)),
        max_size=3,
    )
)
@settings(deadline=None)
def test_that_schema_and_reader_agree_on_whatever_a_file_holds(tree: dict[str, Any]) -> None:
    try:
        validated(tree)
        valid = True
    except InvalidExperiment:
        valid = False
    assert VALIDATOR.is_valid(tree) == valid


def parts(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    owners = {"": schema} | schema["$defs"]
    return [
        (f"{o}.{name}", part) for o, owner in owners.items() for name, part in owner["properties"].items()
    ]


def test_that_every_setting_has_a_title_and_a_sentence() -> None:
    bare = [
        name
        for name, part in parts(SCHEMA)
        if "$ref" not in part and "const" not in part and not (part.get("title") and part.get("description"))
    ]
    assert bare == []
    sigma = SCHEMA["$defs"]["Gaussian"]["properties"]["sigma"]
    assert sigma == {
        "default": 0.3,
        "description": "Standard deviation of the noise, in the scaled units.\n"
        "x̃ = x + σ·ε,  ε ~ N(0, 1)\nCan be changed while training.",
        "maximum": 2,
        "minimum": 0,
        "title": "Noise strength",
        "type": "number",
    }
