"""``aegui export --to package`` and ``aegui unpack``: a run on its way to another machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aegui.__main__ import main
from aegui.runs.package.packing import pack_experiment
from aegui.spec import Experiment, load, replace_all, save

Call = Callable[..., Any]


@pytest.fixture(scope="module")
def sent(tiny: Callable[..., Experiment], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on a table of the sender's own, trained once for all of these tests."""
    folder = tmp_path_factory.mktemp("sender")
    rows = "\n".join(f"{i % 7},{i % 5},{i % 3},{i % 2}" for i in range(60))
    (folder / "own.csv").write_text("a,b,c,d\n" + rows)
    source = {"kind": "csv", "path": str(folder / "own.csv"), "label": ""}
    experiment = tiny({"data.source": source, "data.train": None, "data.test": None, "code.size": 2})
    save(experiment, folder / "own.toml")
    assert main(["train", str(folder / "own.toml"), "--out", str(folder / "run")]) == 0
    return folder / "run"


def test_that_a_run_is_sent_unpacked_evaluated_and_gone_on_with(call: Call, sent: Path, runs: Path) -> None:
    done = call("export", sent, "--to", "package", "--with-data")
    package = sent / "run.aegui"
    assert done.status == 0 and str(package) in done.out and "with its data" in done.out
    assert "own.csv" not in done.out
    done = call("unpack", package)
    (folder,) = runs.iterdir()
    assert done.status == 0 and done.err == ""
    assert done.out.startswith(f"{folder}: the run “Tiny digits”, ") and "with its data" in done.out
    before, after = call("evaluate", sent, "--json"), call("evaluate", folder, "--json")
    assert after.status == 0 and before.out and after.err == ""

    def test_part(text: str) -> str:
        return text.partition('"test":')[2].partition("}")[0]

    assert test_part(before.out) == test_part(after.out) != ""
    more = ("--set", "training.epochs=4", "--resume", "--out", folder)
    assert call("train", folder / "experiment.toml", *more).status == 0
    assert call("compare", sent, folder).status == 0


def test_that_data_which_did_not_come_are_named(call: Call, sent: Path, tmp_path: Path) -> None:
    assert call("export", sent, "--to", "package", "--out", tmp_path / "r.aegui").status == 0
    done = call("unpack", tmp_path / "r.aegui", "--out", tmp_path / "mine")
    place = tmp_path / "mine" / "data" / "own.csv"
    assert done.status == 0 and f"{place} is missing; put them there" in done.err
    assert call("evaluate", tmp_path / "mine").status == 2
    place.parent.mkdir()
    place.write_bytes((sent.parent / "own.csv").read_bytes())
    assert call("evaluate", tmp_path / "mine").status == 0


def test_that_an_experiment_is_unpacked_beside_fetched_data(
    call: Call, sent: Path, tmp_path: Path, runs: Path
) -> None:
    experiment = replace_all(load(sent / "experiment.toml"), {"title": "Home\x1b[2J"})
    pack_experiment(experiment, tmp_path / "e.aegui", data=True)
    done = call("unpack", tmp_path / "e.aegui")
    (folder,) = (tmp_path / "fetched" / "shared").iterdir()
    assert done.status == 0 and done.out.startswith(f"{folder}: the experiment “Home\\x1b[2J”")
    assert call("data", "check", folder / "experiment.toml").status == 0 and not runs.exists()


@pytest.mark.parametrize("words", [("--to", "codes", "--with-data"), ("--to", "report", "--with-data")])
def test_that_data_go_along_with_packages_only(call: Call, sent: Path, words: tuple[str, ...]) -> None:
    done = call("export", sent, *words)
    assert done.status == 2 and "--with-data: means nothing with" in done.err


def test_that_what_is_no_package_is_told(call: Call, sent: Path, tmp_path: Path, runs: Path) -> None:
    (tmp_path / "x.aegui").write_text("[data]")
    for path in (tmp_path / "x.aegui", tmp_path / "absent.aegui", sent, Path("/dev/null")):
        done = call("unpack", path)
        assert done.status == 2 and done.out == "" and str(path) in done.err
        assert len(done.err.splitlines()) == 1
    assert not runs.exists()
    assert call("export", sent, "--to", "package", "--out", tmp_path / "r.aegui").status == 0
    done = call("unpack", tmp_path / "r.aegui", "--out", tmp_path / "x.aegui")
    assert done.status == 2 and "is there already" in done.err
    done = call("unpack", tmp_path / "r.aegui", "--out", tmp_path / "x.aegui" / "below")
    assert done.status == 1 and "cannot be written" in done.err
