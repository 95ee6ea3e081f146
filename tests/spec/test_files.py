"""The experiment as a TOML file: round trip, and everything that can be wrong with one."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aegui.errors import AeguiError, InvalidExperiment, InvalidInput, OperationFailed
from aegui.spec import (
    KL,
    L1,
    L2,
    SGD,
    Activation,
    Adam,
    Architecture,
    Code,
    Data,
    Dense,
    Experiment,
    Gaussian,
    Masking,
    NoNoise,
    NoPenalty,
    Penalty,
    SaltPepper,
    Training,
    dumps,
    load,
    loads,
    parse_setting,
    save,
)
from aegui.spec.edits import validated
from aegui.spec.files import LARGEST_FILE

DESIGN = """\
format = 1
title = "Denoising handwritten digits"
seed = 0                                   # weights, split, shuffling and noise

[data]
source = "mnist"
train = 60000
test = 10000
classes = []
normal = []
scaling = "auto"

[architecture]
encoder = [ { kind = "dense", units = 512, activation = "relu" }, { kind = "dense", units = 128 } ]
decoder = "mirror"
output = "auto"

[code]
size = 2
activation = "linear"
variational = false
beta = 1.0

[penalty]
code = { kind = "none" }
weights_l1 = 0.0
weights_l2 = 0.0
jacobian = 0.0

[noise]
kind = "gaussian"
sigma = 0.3
clip = true

[training]
loss = "mse"
optimizer = { kind = "adam" }
rate = 1e-3
batch = 128
epochs = 20
device = "auto"
"""


def values(cls: type, **parts: Any) -> st.SearchStrategy[Any]:
    return st.builds(cls, **parts)


def positive(high: float = 1e9) -> st.SearchStrategy[float]:
    return st.floats(0, high, allow_subnormal=False)


whole = st.integers(1, 10**6)
labels = st.lists(st.integers(-5, 20) | st.text(max_size=5), max_size=4).map(tuple)
layers = st.lists(
    values(Dense, units=whole, activation=st.sampled_from(get_args(Activation))), max_size=3
).map(tuple)
share = st.floats(0, 1)
clip = st.booleans()
experiments = values(
    Experiment,
    title=st.text(max_size=20),
    seed=st.integers(0, 2**53),
    data=values(
        Data,
        source=st.text(max_size=8),
        train=st.none() | whole,
        test=st.none() | whole,
        classes=labels,
        normal=labels,
        scaling=st.sampled_from(["auto", "unit", "minmax", "standard", "none"]),
    ),
    architecture=values(
        Architecture,
        encoder=layers,
        decoder=st.just("mirror") | layers,
        output=st.sampled_from(["auto", "sigmoid", "linear"]),
    ),
    code=values(Code, size=whole, variational=st.booleans(), beta=positive()),
    penalty=values(
        Penalty,
        code=st.just(NoPenalty())
        | values(L1, weight=positive())
        | values(L2, weight=positive())
        | values(KL, weight=positive(), rho=st.floats(0.001, 0.99)),
        weights_l1=positive(),
        jacobian=positive(),
    ),
    noise=st.just(NoNoise())
    | values(Gaussian, sigma=st.floats(0, 2), clip=clip)
    | values(Masking, p=share, clip=clip)
    | values(SaltPepper, p=share, clip=clip),
    training=values(
        Training,
        loss=st.sampled_from(["mse", "bce"]),
        optimizer=st.just(Adam()) | values(SGD, momentum=st.floats(0, 0.9999)),
        rate=st.floats(1e-9, 1000),
        batch=whole,
        epochs=whole,
    ),
)


def lines(text: str) -> list[str]:
    with pytest.raises(InvalidExperiment) as caught:
        loads(text)
    return list(caught.value.lines)


@given(experiments)
@settings(deadline=None, max_examples=80)
def test_that_every_experiment_comes_back_from_its_text(experiment: Experiment) -> None:
    assert loads(dumps(experiment)) == experiment


def test_that_the_file_of_the_design_means_what_it_says(tmp_path: Path) -> None:
    path = tmp_path / "design.toml"
    path.write_text(DESIGN, encoding="utf-8")
    assert load(path) == Experiment(
        title="Denoising handwritten digits",
        data=Data(train=60000, test=10000),
        architecture=Architecture(encoder=(Dense(units=512), Dense(units=128))),
        noise=Gaussian(sigma=0.3),
    )


def test_that_an_empty_file_is_the_default_experiment() -> None:
    assert loads("") == Experiment()


def test_that_whole_numbers_stand_for_real_ones_but_not_the_other_way() -> None:
    assert loads("[training]\nrate = 1").training.rate == 1
    assert lines("[code]\nsize = 3.0") == ["code.size: must be a whole number, got 3.0"]


def test_that_every_problem_is_reported_at_once_by_path_limit_and_value() -> None:
    text = """
seed = -1
sed = 3
[noise]
kind = "gaussian"
sigma = 3.5
sigm = 1
[code]
size = 0
activation = "Relu"
variational = "yes"
[architecture]
encoder = [{ kind = "dense", units = 0 }, { unit = 3 }, 5]
[training]
rate = 0
batch = 1.5
loss = "msee"
optimizer = { kind = "sgd", momentum = 2 }
[penalty]
jacobian = inf
"""
    assert sorted(lines(text)) == [
        "architecture.encoder[0].units: must be at least 1, got 0",
        "architecture.encoder[1].unit: is not a known setting; did you mean units?",
        "architecture.encoder[2]: must be a table of settings, got 5",
        "code.activation: must be 'linear', 'relu', 'leaky-relu', 'elu', 'gelu', 'silu', 'sigmoid' or"
        ' \'tanh\', got "Relu"; did you mean "relu"?',
        "code.size: must be at least 1, got 0",
        'code.variational: must be true or false, got "yes"',
        "noise.sigm: is not a known setting; did you mean sigma?",
        "noise.sigma: must be at most 2, got 3.5",
        "penalty.jacobian: must be a finite number, got inf",
        "sed: is not a known setting; did you mean seed?",
        "seed: must be at least 0, got -1",
        "training.batch: must be a whole number, got 1.5",
        "training.loss: must be 'mse' or 'bce', got \"msee\"; did you mean \"mse\"?",
        "training.optimizer.momentum: must be at most 0.9999, got 2",
        "training.rate: must be above 0, got 0",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("noise = 3", "noise: must be a table of settings, got 3"),
        ("[noise]\nsigma = 1", "noise.kind: is required"),
        ("[architecture]\nencoder = 'x'", 'architecture.encoder: must be a list, got "x"'),
        (
            "[architecture]\ndecoder = 'miror'",
            'architecture.decoder: must be \'mirror\', got "miror"; did you mean "mirror"?',
        ),
        ("[architecture]\ndecoder = 5", "architecture.decoder: must be 'mirror' or a list, got 5"),
        (
            "[architecture]\ndecoder = [{ units = 0 }]",
            "architecture.decoder[0].units: must be at least 1, got 0",
        ),
        ("[training]\nloss = [1]", "training.loss: must be 'mse' or 'bce', got [1]"),
        ("[data]\nclasses = [1.5]", "data.classes[0]: must be a whole number or text, got 1.5"),
        ("seed = 99999999999999999999", "seed: must be at most 9007199254740992, got 99999999999999999999"),
        ("format = 2", "format: is 2, made by a newer aegui; this one reads up to 1: please update"),
        (
            '[noise]\nkind = "gausian"',
            "noise.kind: must be one of 'none', 'gaussian', 'masking', 'salt-pepper', got \"gausian\";"
            ' did you mean "gaussian"?',
        ),
    ],
)
def test_that_a_single_problem_is_said_once(text: str, expected: str) -> None:
    assert lines(text) == [expected]


@pytest.mark.parametrize("text", ["x = [[[[", "= 3", "a = 1\na = 2", "a = " + "[" * 5000, "\0"])
def test_that_what_is_not_toml_is_refused(text: str) -> None:
    (line,) = lines(text)
    assert line.startswith("is not valid TOML: ")


@given(
    st.dictionaries(
        st.sampled_from(["seed", "title", "code", "noise", "architecture", "training", "penalty", "x"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["kind", "size", "encoder", "decoder", "units", "code", "optimizer"]),
                    inner,
                )
            ),
            max_leaves=8,
        ),
    )
)
@settings(deadline=None)
def test_that_whatever_a_file_holds_it_is_read_or_refused_with_reasons(tree: dict[str, Any]) -> None:
    try:
        validated(tree)
    except InvalidExperiment as error:
        assert error.problems and all(p.path and p.message for p in error.problems)


def test_that_a_saved_experiment_loads_and_the_source_of_problems_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ünï.toml"
    experiment = Experiment(title='Ω "quoted"\n', data=Data(classes=(1, "2")))
    save(experiment, path)
    assert load(path) == experiment
    path.write_text("[code]\nsize = 0", encoding="utf-8")
    with pytest.raises(InvalidExperiment) as caught:
        load(path)
    assert caught.value.lines == (f"{path}: code.size: must be at least 1, got 0",)


def test_that_a_failed_save_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    target = tmp_path / "folder.toml"
    target.mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(OperationFailed, match=r"folder\.toml: cannot be written"):
        save(Experiment(), target)
    with pytest.raises(OperationFailed, match="cannot be written"):
        save(Experiment(), tmp_path / "file" / "x.toml")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder.toml"]


def test_that_files_that_cannot_be_experiments_are_refused_by_name(tmp_path: Path) -> None:
    binary, large = tmp_path / "binary.toml", tmp_path / "large.toml"
    binary.write_bytes(b"\xff\xfe\x00title")
    large.write_bytes(b"#" * (LARGEST_FILE + 1))
    for path, message in [
        (tmp_path / "missing.toml", "cannot be read"),
        (tmp_path, "cannot be read"),
        (binary, "not a UTF-8 text file"),
        (large, "must be at most 1,000,000 bytes to be an experiment, has 1,000,001"),
    ]:
        with pytest.raises(InvalidInput, match=message) as caught:
            load(path)
        assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("code.size=32", ("code.size", 32)),
        ("data.source=mnist", ("data.source", "mnist")),
        ("title=two words", ("title", "two words")),
        ("training.rate=1e-3", ("training.rate", 0.001)),
        (" data.classes = [1, 2]", ("data.classes", [1, 2])),
        ('noise={kind="gaussian"}', ("noise", {"kind": "gaussian"})),
        ("title=", ("title", "")),
    ],
)
def test_that_a_setting_is_a_path_and_a_toml_value(text: str, expected: tuple[str, object]) -> None:
    assert parse_setting(text) == expected


@pytest.mark.parametrize("text", ["code.size", "=3", "a=[1", "title=it's", "a=1\nb=2", "a=" + "[" * 5000])
def test_that_what_is_no_setting_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"^--set "):
        parse_setting(text)


@given(st.text(max_size=20))
@settings(deadline=None)
def test_that_no_text_breaks_the_readers(text: str) -> None:
    for reader in (loads, parse_setting):
        try:
            reader(text)
        except AeguiError as error:
            assert error.lines
