"""The experiment as a TOML file: round trip, and everything that can be wrong with one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from drawn_experiments import experiments
from hypothesis import given, settings
from hypothesis import strategies as st

from aegui.errors import AeguiError, InvalidExperiment, InvalidInput, OperationFailed
from aegui.spec import (
    Architecture,
    ArraySource,
    Data,
    Dense,
    Experiment,
    Gaussian,
    IdxSource,
    TableSource,
    dumps,
    load,
    loads,
    parse_setting,
    save,
)
from aegui.spec.edits import validated
from aegui.spec.files import LARGEST_FILE, load_data

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
        "training.loss: must be 'mse', 'bce', 'mae' or 'huber', got \"msee\"; did you mean \"mse\"?",
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
            "architecture.decoder: must be 'mirror' or 'tied', got \"miror\"; did you mean \"mirror\"?",
        ),
        ("[architecture]\ndecoder = 5", "architecture.decoder: must be 'mirror' or 'tied' or a list, got 5"),
        (
            "[architecture]\ndecoder = [{ units = 0 }]",
            "architecture.decoder[0].units: must be at least 1, got 0",
        ),
        ("[training]\nloss = [1]", "training.loss: must be 'mse', 'bce', 'mae' or 'huber', got [1]"),
        ("[data]\nclasses = [1.5]", "data.classes[0]: must be a whole number or text, got 1.5"),
        ("seed = 9999999999999999", "seed: must be at most 9007199254740992, got 9999999999999999"),
        ("format = 2", "format: is 2, made by a newer aegui; this one reads up to 1: please update"),
        (
            '[noise]\nkind = "gausian"',
            "noise.kind: must be one of 'none', 'gaussian', 'masking', 'salt-pepper', 'speckle', 'poisson',"
            " 'block', 'blur', got \"gausian\"; did you mean \"gaussian\"?",
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
        (large, "must be at most 1,000,000 bytes, has 1,000,001"),
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


TABLE = '[data]\nsource = {{ kind = "csv", path = "{path}" }}\n'


def source_of(path: Path) -> Any:
    return load(path).data.source


def test_that_a_relative_path_counts_from_the_folder_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lesson").mkdir()
    monkeypatch.chdir(tmp_path)
    for written, meant in [
        ("data.csv", "lesson/data.csv"),
        ("../data.csv", "data.csv"),
        ("deep/er/data.csv", "lesson/deep/er/data.csv"),
        (str(tmp_path / "data.csv"), "data.csv"),
    ]:
        (tmp_path / "lesson" / "x.toml").write_text(TABLE.format(path=written))
        for name in (Path("lesson/x.toml"), tmp_path / "lesson" / "x.toml"):
            assert source_of(name) == TableSource(path=str(tmp_path / meant))


def test_that_a_path_may_start_at_the_users_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "me"))
    (tmp_path / "x.toml").write_text(TABLE.format(path="~/data.csv"))
    assert source_of(tmp_path / "x.toml").path == str(tmp_path / "me" / "data.csv")


def test_that_every_path_of_a_source_counts_from_there(tmp_path: Path) -> None:
    source = '{ kind = "idx", path = "a", labels = "b", test = "c", test_labels = "d" }'
    (tmp_path / "x.toml").write_text(f"data.source = {source}")
    a, b, c, d = (str(tmp_path / name) for name in "abcd")
    assert source_of(tmp_path / "x.toml") == IdxSource(path=a, labels=b, test=c, test_labels=d)


def test_that_what_has_no_path_is_left_alone(tmp_path: Path) -> None:
    for text in (TABLE.format(path=""), 'data.source = "mnist"', ""):
        (tmp_path / "x.toml").write_text(text)
        assert load(tmp_path / "x.toml") == loads(text)


def test_that_text_alone_leaves_paths_as_they_are() -> None:
    text = TABLE.format(path="data.csv")
    assert loads(text).data.source == TableSource(path="data.csv")
    assert 'path = "data.csv"' in dumps(loads(text))


def test_that_paths_below_the_folder_are_saved_relative_to_it(tmp_path: Path) -> None:
    """So that a folder with an experiment and its data can be handed on."""
    inside, outside = tmp_path / "lesson" / "sub" / "x.npz", tmp_path / "x.npz"
    for data, written in [(inside, "sub/x.npz"), (outside, str(outside))]:
        experiment = Experiment(data=Data(source=ArraySource(path=str(data))))
        save(experiment, tmp_path / "lesson" / "x.toml")
        assert f'path = "{written}"' in (tmp_path / "lesson" / "x.toml").read_text()
        assert load(tmp_path / "lesson" / "x.toml") == experiment
    (tmp_path / "lesson" / "x.toml").unlink()
    save(Experiment(data=Data(source=ArraySource(path=str(inside)))), tmp_path / "lesson" / "x.toml")
    (tmp_path / "lesson").rename(tmp_path / "moved")
    assert source_of(tmp_path / "moved" / "x.toml").path == str(tmp_path / "moved" / "sub" / "x.npz")


def test_that_a_path_of_the_command_line_is_saved_for_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    save(Experiment(data=Data(source=ArraySource(path="x.npz"))), tmp_path / "other" / "x.toml")
    assert source_of(tmp_path / "other" / "x.toml").path == str(tmp_path / "x.npz")


def test_that_the_data_of_a_file_with_other_problems_are_known(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text("[code]\nsize = 0\n" + TABLE.format(path="data.csv"))
    assert load_data(path).source == TableSource(path=str(tmp_path / "data.csv"))
    path.write_text("[data]\ntrain = 0")
    with pytest.raises(InvalidExperiment) as caught:
        load_data(path)
    assert caught.value.lines == (f"{path}: data.train: must be at least 1, got 0",)


def test_that_bytes_that_are_no_text_are_refused_in_settings() -> None:
    with pytest.raises(InvalidInput, match="must be text in the terminal's encoding"):
        parse_setting("title=a\udcffb")
