"""``aegui data check``: every problem of an experiment at once, and what data of one's own hold."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

Call = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the files are that are named without a folder, and a table beside them."""
    monkeypatch.setenv("AEGUI_DATA", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    rows = [f"{i},{i * i % 7},{i % 3}" for i in range(30)]
    (tmp_path / "table.csv").write_text("\n".join(["length,width,class", *rows]))
    return tmp_path


def lines(done: Any) -> list[str]:
    assert done.status == 2 and done.out == ""
    return [line.removeprefix("aegui: ") for line in done.err.splitlines()]


def test_that_problems_of_values_names_and_data_are_told_at_once(call: Call, folder: Path) -> None:
    (folder / "bad.toml").write_text(
        'titel = "x"\n[code]\nsize = 0\n[noise]\nkind = "gaussian"\nsigma = 3.5\n'
        '[data]\nsource = { kind = "csv", path = "nothing.csv" }\n'
    )
    assert lines(call("data", "check", "bad.toml")) == [
        "bad.toml: code.size: must be at least 1, got 0",
        "bad.toml: noise.sigma: must be at most 2, got 3.5",
        "bad.toml: titel: is not a known setting; did you mean title?",
        f"bad.toml: data.source.path: {folder}/nothing.csv: cannot be read: No such file or directory",
    ]


def test_that_problems_of_the_plan_are_told_at_once(call: Call, folder: Path) -> None:
    (folder / "bad.toml").write_text(
        '[data]\nsource = { kind = "csv", path = "table.csv" }\n[training]\nloss = "bce"\n'
        '[penalty]\ncode = { kind = "kl" }\n'
    )
    told = lines(call("data", "check", "bad.toml"))
    assert [line.split(": ")[1] for line in told] == ["training.loss", "penalty.code"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = [[[[", "is not valid TOML: "),
        ("format = 9\nx = 1\n[data]\nsource = 5", "format: is 9, made by a newer aegui"),
        ('[data]\nsource = "mnits"', "data.source: must be the name of a data set (mnist, "),
        (
            '[data]\nsource = "kmnist"',
            "data.source: kmnist is not on this machine yet: press Download, or run",
        ),
        ("[data]\nclasses = [77]", 'data.classes: no such label "77"; the data set has 0..9'),
    ],
)
def test_that_a_single_problem_is_told_once(call: Call, folder: Path, text: str, expected: str) -> None:
    (folder / "bad.toml").write_text(text)
    (line,) = lines(call("data", "check", "bad.toml"))
    assert line.startswith(f"bad.toml: {expected}")


def test_that_problems_are_told_as_json(call: Call, folder: Path) -> None:
    (folder / "bad.toml").write_text("[code]\nsize = 0")
    done = call("data", "check", "bad.toml", "--json")
    assert done.status == 2 and done.err == ""
    assert json.loads(done.out) == {
        "file": "bad.toml",
        "fine": False,
        "problems": [{"path": "code.size", "message": "must be at least 1, got 0"}],
    }


def test_that_a_file_that_is_no_text_is_told(call: Call, folder: Path) -> None:
    (folder / "bad.toml").write_bytes(b"\xff\xfe")
    assert lines(call("data", "check", "bad.toml")) == [
        "bad.toml: is not an experiment: not a UTF-8 text file"
    ]
    (problem,) = json.loads(call("data", "check", "bad.toml", "--json").out)["problems"]
    assert problem == {"path": "", "message": "bad.toml: is not an experiment: not a UTF-8 text file"}


def test_that_a_fine_experiment_is_summed_up(call: Call, folder: Path) -> None:
    (folder / "fine.toml").write_text(
        '[data]\nsource = { kind = "csv", path = "table.csv" }\n[code]\nsize = 1\n[training]\nbatch = 8\n'
    )
    done = call("data", "check", "fine.toml")
    assert done.status == 0 and done.err == ""
    assert done.out.splitlines()[:2] == [
        "fine.toml: fine",
        "  undercomplete autoencoder, 1,027 parameters, code of 1",
    ]
    assert "24 training and 6 test samples, 2 columns, 3 classes" in done.out
    facts = json.loads(call("data", "check", "fine.toml", "--json").out)
    assert (facts["fine"], facts["problems"], facts["parameters"]) == (True, [], 1027)
    assert facts["data"]["classes"] == ["0", "1", "2"] and facts["data"]["train"] == 24


def test_that_what_is_probably_not_meant_is_a_warning(call: Call, file: Path, folder: Path) -> None:
    file.write_text(file.read_text().replace("size = 3", "size = 64"))
    done = call("data", "check", file)
    assert done.status == 0
    assert done.err.startswith(
        f"aegui: warning: {file}: code.size: 64 units are not fewer than the 64 features"
    )


def test_that_the_folder_of_a_run_is_its_experiment(call: Call, file: Path, folder: Path) -> None:
    (folder / "run").mkdir()
    file.rename(folder / "run" / "experiment.toml")
    assert call("data", "check", "run").out.startswith("run/experiment.toml: fine\n")


def test_that_data_are_reported(call: Call, folder: Path) -> None:
    done = call("data", "check", "table.csv")
    assert done.status == 0 and done.out.startswith("table.csv: fine\n")
    assert "30: 24 to train, 6 to test" in done.out and "Classes" in done.out
    assert (
        done.out.splitlines()[-1] == '  In an experiment: data.source = { kind = "csv", path = "table.csv" }'
    )


def test_that_data_are_reported_as_json(call: Call, folder: Path) -> None:
    np.savez(folder / "pictures.npz", x=np.arange(20 * 16, dtype=np.uint8).reshape(20, 4, 4))
    facts = json.loads(call("data", "check", "pictures.npz", "--json").out)
    assert (facts["fine"], facts["samples"], facts["layout"]) == (True, 20, "picture")
    assert facts["source"]["kind"] == "npz" and facts["source"]["path"] == "pictures.npz"


def test_that_data_that_cannot_be_read_are_told(call: Call, folder: Path) -> None:
    (folder / "junk.bin").write_bytes(bytes(range(256)))
    assert lines(call("data", "check", "junk.bin"))[0].startswith("junk.bin: is binary data; ")
    done = call("data", "check", "junk.bin", "--json")
    assert done.status == 2 and not json.loads(done.out)["fine"]
    assert lines(call("data", "check", "nothing.csv")) == ["nothing.csv: there is no such file or folder"]


def test_that_a_problem_of_a_table_is_told_with_its_setting(call: Call, folder: Path) -> None:
    (folder / "one.csv").write_text("a,b\n1,2\n")
    done = call("data", "check", "one.csv", "--json")
    assert done.status == 2 and json.loads(done.out)["problems"][0]["path"].startswith("data.source")


def test_that_a_path_that_the_system_does_not_take_is_told(call: Call, folder: Path) -> None:
    (folder / "itself").symlink_to("itself")
    for name in ("x" * 300, "itself"):
        assert lines(call("data", "check", name))[0].startswith(f"{name}: cannot be read: ")
    for words in (("train", "x" * 300), ("evaluate", "x" * 300), ("compare", "x" * 300), ("x" * 300,)):
        assert "x" * 300 in lines(call(*words))[0]


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read everything")
def test_that_a_folder_that_may_not_be_read_is_told(call: Call, folder: Path) -> None:
    (folder / "closed").mkdir(0)
    try:
        for name in ("closed", "closed/table.csv"):
            assert lines(call("data", "check", name))[0].startswith(f"{name}: cannot be read: Permission")
    finally:
        (folder / "closed").chmod(0o700)
