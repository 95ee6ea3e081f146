"""What goes wrong on the command line is one line each on standard error, with the right exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import aegui
from aegui.__main__ import main

Call = Callable[..., Any]

WRONG = [
    (["trian"], "trian: there is no such file; did you mean the command train?"),
    (["my.toml"], "my.toml: there is no such file"),
    (["--colour"], "unrecognized arguments: --colour (see aegui --help)"),
    (["train"], "the following arguments are required: FILE-or-PRESET (see aegui train --help)"),
    (["train", "denosing"], "denosing: is neither a file nor a preset"),
    (["train", "my.toml"], "my.toml: cannot be read: No such file or directory"),
    (["train", "deep", "--fast"], "unrecognized arguments: --fast"),
    (["train", "deep", "--set", "code.size"], "--set code.size: must be PATH=VALUE"),
    (["train", "deep", "--set", "code.size=[1"], "--set code.size=[1: [1 is not a TOML value"),
    (["train", "deep", "--set", "code.size=0"], "code.size: must be at least 1, got 0"),
    (["train", "deep", "--set", "code.siz=3"], "code.siz: is not a known setting; did you mean size?"),
    (["train", "deep", "--set", "noise.sigma=1"], 'is not a setting of the kind "none"'),
    (["train", "deep", "--set", "data.source=mnits"], 'did you mean "mnist"?'),
    (["train", "deep", "--resume"], "--resume: name the folder of the run with --out"),
    (["demo", "--epochs", "0"], "argument --epochs: must be at least 1, got 0"),
    (["demo", "--epochs", "many"], "argument --epochs: must be a whole number, got many"),
    (["evaluate", "nothing"], "nothing: is not the folder of a run: it has no experiment.toml"),
    (["presets", "--jsn"], "unrecognized arguments: --jsn"),
    (["data"], "the following arguments are required: ACTION (see aegui data --help)"),
    (["data", "shred"], "invalid choice: 'shred'"),
]


@pytest.mark.parametrize(("words", "message"), WRONG, ids=[" ".join(w) for w, _ in WRONG])
def test_that_wrong_input_is_one_line_and_status_2(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = call(*words)
    assert done.status == 2 and done.out == ""
    assert done.err.startswith("aegui: ") and message in done.err and done.err.count("\n") == 1


def test_that_all_problems_are_told_at_once(call: Call, file: Path) -> None:
    file.write_text(file.read_text().replace("size = 3", "size = 0").replace("batch = 32", "batch = -1"))
    done = call("train", file)
    assert done.status == 2
    assert done.err.splitlines() == [
        f"aegui: {file}: code.size: must be at least 1, got 0",
        f"aegui: {file}: training.batch: must be at least 1, got -1",
    ]


def test_that_problems_of_the_plan_are_told_at_once(call: Call, file: Path) -> None:
    wrong = (
        "--set",
        "penalty.code.kind=kl",
        "--set",
        "code.variational=true",
        "--set",
        "code.activation=relu",
    )
    done = call("train", file, *wrong)
    assert done.status == 2 and len(done.err.splitlines()) == 3
    assert all(line.startswith("aegui: ") for line in done.err.splitlines())


def test_that_an_unwritable_folder_is_told_before_training(call: Call, file: Path, tmp_path: Path) -> None:
    """Below a file nobody can write, not even root."""
    done = call("train", file, "--out", file / "run")
    assert done.status == 1 and done.out == ""
    assert "cannot be written: Not a directory" in done.err and done.err.count("\n") == 1


@pytest.mark.parametrize("words", [["--debug", "train", "denosing"], ["train", "denosing", "--debug"]])
def test_that_a_traceback_is_shown_on_request_alone(call: Call, words: list[str]) -> None:
    done = call(*words)
    assert done.status == 2 and done.err.startswith("Traceback")
    assert done.err.splitlines()[-1].startswith("aegui: denosing: is neither")


def test_that_every_command_takes_debug(call: Call) -> None:
    for words in (["presets", "--debug"], ["data", "list", "--debug"], ["--debug", "data", "list"]):
        assert call(*words).status == 0


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["train", "--help"], ["data", "list", "--help"]])
def test_that_help_is_no_error(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    captured = capsys.readouterr()
    assert caught.value.code == 0 and captured.out.startswith("usage: aegui") and captured.err == ""


def test_that_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    assert all(f"\n    {name} " in text for name in ("demo", "train", "evaluate", "data", "presets"))


@pytest.mark.parametrize("words", [["--version"], ["--debug", "--version"]])
def test_that_the_version_is_told(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 0 and capsys.readouterr().out == f"aegui {aegui.__version__}\n"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
def test_that_no_display_is_an_error_with_a_way_out(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    done = call()
    assert done.status == 1 and done.out == ""
    assert done.err.startswith("aegui: no window can open: there is no display")
    assert "aegui train" in done.err and done.err.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
@pytest.mark.parametrize("words", [["presets"], ["data", "list"]])
def test_that_a_reader_who_leaves_is_no_error_message(words: list[str]) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    process = subprocess.Popen(
        [sys.executable, "-m", "aegui", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 1 and err == ""


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_that_a_run_is_kept_if_its_reader_leaves(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    process = subprocess.Popen(
        [sys.executable, "-m", "aegui", "train", str(file), "--json", "--out", str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 1 and err == ""
    assert (out / "checkpoint" / "state.safetensors").exists() and (out / "history.csv").exists()


def test_that_a_terminal_without_some_letters_is_no_obstacle() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "aegui", "data", "list"],
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "28\\xd728" in done.stdout and done.stderr == ""


def test_that_there_need_not_be_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["presets"]) == 0
