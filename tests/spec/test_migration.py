"""Files of older formats, and numbers that are no format."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aegui.errors import InvalidExperiment
from aegui.spec import L1, SGD, Adam, Conv, Dense, Gaussian, NoNoise, NoPenalty, dumps, loads
from aegui.spec.experiment import FORMAT
from aegui.spec.migration import migrated

DRAFT = """\
format = 0
title = "From a draft"
noise = "gaussian"

[architecture]
encoder = [512, { units = 64, activation = "tanh" }, { kind = "conv", channels = 4 }]
decoder = [32]

[penalty]
code = "l1"
jacobian = 0.5

[training]
optimizer = "sgd"
"""


def lines(text: str) -> tuple[str, ...]:
    with pytest.raises(InvalidExperiment) as caught:
        loads(text)
    return caught.value.lines


def test_that_a_draft_is_read_with_its_bare_numbers_and_kinds() -> None:
    experiment = loads(DRAFT)
    assert (experiment.format, experiment.title) == (FORMAT, "From a draft")
    assert experiment.architecture.encoder == (
        Dense(units=512),
        Dense(units=64, activation="tanh"),
        Conv(channels=4),
    )
    assert experiment.architecture.decoder == (Dense(units=32),)
    assert (experiment.noise, experiment.penalty.code) == (Gaussian(), L1())
    assert experiment.penalty.jacobian == 0.5 and experiment.training.optimizer == SGD()
    assert loads(dumps(experiment)) == experiment


def test_that_a_draft_may_leave_everything_out_or_be_as_today() -> None:
    assert loads("format = 0") == loads("")
    present = (
        'format = 0\nnoise = { kind = "none" }\n'
        '[architecture]\ndecoder = "tied"\n[penalty]\ncode = { kind = "none" }'
    )
    experiment = loads(present)
    assert (experiment.noise, experiment.penalty.code) == (NoNoise(), NoPenalty())
    assert experiment.architecture.decoder == "tied" and experiment.training.optimizer == Adam()


def test_that_bare_numbers_and_kinds_are_wrong_in_the_present_format() -> None:
    told = lines(DRAFT.replace("format = 0", f"format = {FORMAT}"))
    assert 'noise: must be a table of settings, got "gaussian"' in told
    assert "architecture.encoder[0]: must be a table of settings, got 512" in told


def test_that_every_problem_of_a_draft_is_told_at_once() -> None:
    told = lines(DRAFT.replace("512", "0").replace('"l1"', '"l3"').replace("jacobian", "jacobain"))
    assert told == (
        "architecture.encoder[0].units: must be at least 1, got 0",
        "penalty.code.kind: must be one of 'none', 'l1', 'l2', 'kl', got \"l3\"",
        "penalty.jacobain: is not a known setting; did you mean jacobian?",
    )


@pytest.mark.parametrize("draft", ["true", '"x"', "-1", "1.0", "[1]", "{ a = 1 }"])
def test_that_what_is_no_format_is_told_with_the_other_problems(draft: str) -> None:
    first, second = lines(f"format = {draft}\nseed = -1")
    assert first.startswith(f"format: must be a whole number from 0 to {FORMAT}, got ")
    assert second == "seed: must be at least 0, got -1"


def test_that_a_newer_file_is_refused_without_its_other_problems() -> None:
    assert lines("format = 99\nseed = -1\nquantum = true") == (
        f"format: is 99, made by a newer aegui; this one reads up to {FORMAT}: please update",
    )


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 600) | st.sampled_from(["gaussian", "l1", "sgd", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["kind", "encoder", "decoder", "code", "optimizer", "units"]), inner
        )
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["noise", "penalty", "training", "architecture", "x"]), anything))
def test_that_no_draft_breaks_the_migration(tree: dict[str, object]) -> None:
    before = repr(tree)
    assert migrated({"format": 0} | tree)["format"] == FORMAT
    assert repr(tree) == before
