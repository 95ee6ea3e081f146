"""Files and runs that nobody should trust, on the command line: an exit status and a line."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from spoilt_runs import POSIX, SPOILT, TOUCHED, whole_runs

from aegui.data.dataset import Dataset
from aegui.spec import Experiment

Call = Callable[..., Any]

NAMES = (
    "emoji 😀.toml",
    "עברית \u200f العربية.toml",
    "漢字\u3000仮名.toml",
    "new\nline.toml",
    "\x1b[2J.toml",
    "not utf-8 \udcff.toml",
    "-rf.toml",
    "a" * 240 + ".toml",
    " .toml",
)


@pytest.fixture(scope="module")
def whole(
    tmp_path_factory: pytest.TempPathFactory, tiny: Callable[..., Experiment], tiny_digits: Dataset
) -> tuple[Path, Path]:
    return whole_runs(tmp_path_factory.mktemp("whole"), tiny, tiny_digits)


def calls(good: Path, bad: Path, out: Path) -> dict[str, tuple[str | Path, ...]]:
    return {
        "compare": ("compare", good, bad),
        "evaluate": ("evaluate", bad),
        "workspace": ("evaluate", bad, "--workspace", "features"),
        "resume": ("train", good / "experiment.toml", "--resume", "--out", bad),
        "train": ("train", bad / "experiment.toml", "--out", out / "run", "--set", "data.train=40"),
        "check": ("data", "check", bad),
        "codes": ("export", bad, "--to", "codes", "--out", out / "codes.csv"),
        "report": ("export", bad, "--to", "report", "--out", out / "report.html"),
        "figures": ("export", bad, "--to", "figures"),
    }


def check_calls(
    ways: Iterable[str], names: Iterable[str], whole: tuple[Path, Path], folder: Path, call: Call
) -> dict[int, int]:
    """Exit statuses with their numbers."""
    found: dict[int, int] = {}
    for way in ways:
        for name in names:
            shutil.rmtree(folder / "work", ignore_errors=True)
            good, bad, out = (folder / "work" / part for part in ("good", "bad", "out"))
            shutil.copytree(whole[0], good)
            shutil.copytree(whole[0], bad)
            out.mkdir()
            SPOILT[way](bad, whole[1])
            done = call(*calls(good, bad, out)[name])
            assert done.status in (0, 1, 2), (way, name)
            lines = done.err.splitlines()
            assert done.status == 0 or lines, (way, name)
            assert all(line.isprintable() for line in lines) and "Traceback" not in done.err, (way, name)
            assert {*os.listdir(folder / "work")} == {"good", "bad", "out"}, (way, name)
            assert {*os.listdir(folder)} == {"work"} and TOUCHED not in os.listdir(folder / "work")
            found[done.status] = found.get(done.status, 0) + 1
    return found


def test_that_a_spoilt_run_ends_a_call_with_a_line(
    whole: tuple[Path, Path], tmp_path: Path, call: Call
) -> None:
    found = check_calls(tuple(SPOILT)[::61], ("compare", "evaluate", "resume"), whole, tmp_path / "x", call)
    assert {0, 2} <= found.keys()


@pytest.mark.long
@pytest.mark.parametrize("name", list(calls(Path(), Path(), Path())))
def test_that_every_spoilt_run_ends_every_call_with_a_line(
    name: str, whole: tuple[Path, Path], tmp_path: Path, call: Call
) -> None:
    found = check_calls(SPOILT, (name,), whole, tmp_path / "x", call)
    print(f"{name}: {found}")
    assert sum(found.values()) == len(SPOILT)


@pytest.mark.parametrize("name", NAMES)
def test_that_an_experiment_of_any_name_is_checked(file: Path, tmp_path: Path, name: str, call: Call) -> None:
    try:
        path = shutil.copy(file, tmp_path / name)
    except (OSError, UnicodeEncodeError):
        pytest.skip("no file can be called so here")
    assert call("data", "check", path).status == 0
    path.write_text("seed = -1")
    done = call("data", "check", path)
    assert done.status == 2 and len(done.err.splitlines()) == 1 and done.err.rstrip("\n").isprintable()


@pytest.mark.skipif(not POSIX, reason="has neither pipes nor devices")
def test_that_no_call_waits_for_a_pipe_or_a_device(file: Path, tmp_path: Path, call: Call) -> None:
    pipe, loop = tmp_path / "pipe.toml", tmp_path / "loop.toml"
    os.mkfifo(pipe)
    loop.symlink_to(loop.name)
    for path in (pipe, loop, Path("/dev/zero"), tmp_path):
        for words in (("train", path), ("data", "check", path), ("sweep", path, "--sizes", "2")):
            done = call(*words)
            assert done.status == 2 and done.err.count("\n") == 1, words


def test_that_data_outside_a_run_are_named_where_they_are_read(
    tiny: Callable[..., Experiment], whole: tuple[Path, Path], tmp_path: Path, call: Call
) -> None:
    """Somebody else's run may name any file of this machine: what is read and exported is told."""
    secret, run = tmp_path / "secret.csv", tmp_path / "run"
    secret.write_text("a,b\n" + "".join(f"{i},{-i}\n" for i in range(50)))
    changes = {"data.source": {"kind": "csv", "path": str(secret), "label": ""}, "training.epochs": 1}
    experiment = tmp_path / "of-table.toml"
    from aegui.spec import save

    save(tiny(changes), experiment)
    assert call("train", experiment, "--out", run).status == 0
    for words in (("evaluate", run), ("export", run, "--to", "codes"), ("export", run, "--to", "script")):
        done = call(*words)
        assert done.status == 0 and f"the data of {run} are read from {secret}" in done.err
    assert "are read from" not in call("evaluate", whole[0]).err


@pytest.mark.skipif(not POSIX, reason="makes links")
def test_that_nothing_is_exported_through_a_link_out_of_the_run(
    whole: tuple[Path, Path], tmp_path: Path, call: Call
) -> None:
    run, elsewhere = tmp_path / "run", tmp_path / "elsewhere"
    shutil.copytree(whole[0], run)
    elsewhere.mkdir()
    shutil.rmtree(run / "figures", ignore_errors=True)
    (run / "figures").symlink_to(elsewhere)
    done = call("export", run, "--to", "figures")
    assert done.status == 2 and "is a link out of the run's folder" in done.err
    assert list(elsewhere.iterdir()) == []
