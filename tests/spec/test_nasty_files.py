"""Experiment files that nobody meant well, or that were damaged: an experiment, or problems in a moment."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from drawn_experiments import experiments
from fuzzing import Outcomes, cuts, damaged, flips, in_bounds, lies, tried
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aegui.errors import AeguiError, InvalidExperiment
from aegui.spec import dumps, load, loads, parse_setting, replace_all
from aegui.spec.files import LARGEST_FILE, load_data
from aegui.spec.presets import preset
from aegui.spec.problems import MOST

DIGITS = "9" * 5000


def absurd(many: int) -> dict[str, str | bytes]:
    """Files by what is wrong with them; ``many``: how often, in those that have something too often."""
    return {
        "digits": f"seed = {DIGITS}",
        "hexadecimal digits": f"seed = 0x{'f' * 9000}",
        "beyond 64 bits": "training.epochs = 9223372036854775808",
        "beyond double": "[training]\nrate = 1e400",
        "a rate of digits": f"[training]\nrate = 0x{'f' * 9000}",
        "not a number": "[training]\nrate = nan",
        "kind of digits": f"[noise]\nkind = 0x{'f' * 9000}",
        "lists in each other": "a = " + "[" * many,
        "tables in each other": "a = " + "{a = " * many,
        "a key of many parts": ".".join(["a"] * many) + " = 1",
        "a header of many parts": "[" + " . ".join(["a-b"] * many) + "]",
        "quoted parts": ".".join(['"a"'] * many) + " = 1",
        "parts behind a string": f'a = {{ b = """c"""", {".".join(["d"] * many)} = 1 }}',
        "parts behind a comment": f"# '''\n{'.'.join(['a'] * many)} = 1",
        "many keys": "\n".join(f"k{i} = 1" for i in range(many // 2)),
        "many tables": "\n".join(f"[t{i}]" for i in range(many // 2)),
        "many typing errors": "\n".join(f"tit{i:x} = 1" for i in range(many // 2)),
        "many layers": f"[architecture]\nencoder = [{'{},' * many}]",
        "many wrong layers": f"[architecture]\nencoder = [{'{kind=1},' * many}]",
        "many labels": f"[data]\nclasses = [{'1,' * many}]",
        "many wrong labels": f"[data]\nclasses = [{'{},' * many}]",
        "layers of a draft": f"format = 0\n[architecture]\nencoder = [{'-1,' * many}]",
        "a format of digits": f"format = 0x{'9' * 9000}",
        "a long title": f"title = '{'x' * many}'",
        "a long key": f"'{'x' * many}' = 1",
        "lines in a key": '"a\\nb\\u001b[2J" = 1',
        "lines in a value": '[training]\nloss = "a\\nb\\u001b[2J"',
        "no end": "title = '''" + "\n" * many,
        "backslashes": 'title = "' + "\\\\" * many,
        "NUL": "title = '\0'",
        "NUL in a path": '[data]\nsource = { kind = "csv", path = "a\\u0000b" }',
        "half a letter": 'title = "\\ud800"',
        "twice": "seed = 1\nseed = 2",
        "UTF-16": "title = 'a'".encode("utf-16"),
        "pickle": b"\x80\x04\x95\x00",
        "too large": b"#" * (LARGEST_FILE + 1),
    }


ABSURD = absurd(3000)


def read(path: Path) -> None:
    """Both readers; what can be read can be written, and is the same then."""
    with contextlib.suppress(AeguiError):
        load_data(path)
    try:
        experiment = load(path)
    except InvalidExperiment as error:
        assert all(line.startswith(f"{path}: ") and line.isprintable() for line in error.lines)
        assert all(len(line) < 1000 for line in error.lines) and len(error.lines) <= MOST + 2
        raise
    assert loads(dumps(experiment)) == experiment


@pytest.mark.parametrize("text", ABSURD.values(), ids=ABSURD)
def test_that_what_is_absurd_is_refused(text: str | bytes, tmp_path: Path) -> None:
    content = text if isinstance(text, bytes) else text.encode()
    found = tried(read, [content], tmp_path / "absurd.toml", named=False)
    assert found.refusals.total() == 1


def test_that_a_mark_at_the_start_is_read_over(tmp_path: Path) -> None:
    found = tried(read, [b"\xef\xbb\xbftitle = 'marked'"], tmp_path / "marked.toml")
    assert found.values == 1


def test_that_dots_in_texts_are_no_key_of_many_parts() -> None:
    for text in (f'title = "{"a." * 50}"', f"# {'a.' * 50}", f"title = '{'1.2.' * 50}'"):
        loads(text)


@pytest.mark.long
@pytest.mark.parametrize("name", ABSURD)
def test_that_what_is_absurd_takes_little_memory(name: str, tmp_path: Path) -> None:
    text, path = absurd(LARGEST_FILE // 10)[name], tmp_path / "absurd.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert in_bounds("aegui.spec.files:load", path, memory=2**29).message


def spoilt(content: bytes) -> Iterator[bytes]:
    yield from cuts(content)
    yield from flips(content)
    yield from lies(content)


def test_that_a_damaged_file_is_read_or_refused(tmp_path: Path) -> None:
    content = dumps(preset("sparse").experiment).encode()
    found = tried(read, [*cuts(content, 60), *flips(content, 100, 130)], tmp_path / "a.toml", named=False)
    assert found.values and found.refusals


@pytest.mark.long
def test_that_every_damage_to_a_file_is_read_or_refused(tmp_path: Path) -> None:
    content = dumps(preset("sparse-denoising").experiment).encode()
    found = tried(read, spoilt(content), tmp_path / "a.toml", named=False)
    print(f"experiment: {found}")
    assert found.values and found.refusals


FIXTURE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def mixed(path: Path, data: st.DataObject) -> Outcomes:
    contents = [dumps(data.draw(experiments)).encode() for _ in range(2)]
    return tried(read, [data.draw(damaged(*contents))], path, named=False)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=FIXTURE)
@given(data=st.data())
def test_that_a_mixture_of_files_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    mixed(tmp_path / "a.toml", data)


@pytest.mark.long
@settings(max_examples=5000, deadline=None, suppress_health_check=FIXTURE)
@given(data=st.data())
def test_that_any_mixture_of_files_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    mixed(tmp_path / "a.toml", data)


PATHS = st.sampled_from(
    ["seed", "noise", "noise.kind", "data.source", "architecture.encoder", "architecture.encoder[0].units"]
) | st.text(max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def change(path: str, value: object) -> None:
    try:
        changed = replace_all(preset("sparse").experiment, {path: value})
    except InvalidExperiment as error:
        assert error.problems and all(p.message for p in error.problems)
    else:
        assert loads(dumps(changed)) == changed


@settings(max_examples=100, deadline=None, derandomize=True)
@given(PATHS, VALUES)
def test_that_any_change_is_made_or_refused(path: str, value: object) -> None:
    change(path, value)


@pytest.mark.long
@settings(max_examples=20_000, deadline=None)
@given(PATHS, VALUES)
def test_that_every_change_is_made_or_refused(path: str, value: object) -> None:
    change(path, value)


@pytest.mark.parametrize(
    "text",
    [
        f"seed = {DIGITS}",
        f"seed = 0x{DIGITS}",
        f"architecture.encoder[{DIGITS}] = 1",
        "a = " + "[" * 5000,
        f"noise = {{ {'a.' * 5000}b = 1 }}",
        f"{'a.' * 5000}b = 1",
        "\ud800 = 1",
        "title = 1\nb = 2",
        f"data.classes = [0x{DIGITS}]",
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_that_an_absurd_setting_is_refused(text: str) -> None:
    with pytest.raises(AeguiError):
        replace_all(preset("sparse").experiment, dict([parse_setting(text)]))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(max_size=30))
def test_that_any_setting_is_understood_or_refused(text: str) -> None:
    for setting in (text, f"noise={text}", f"title={text}"):
        try:
            change(*parse_setting(setting))
        except AeguiError:
            continue
