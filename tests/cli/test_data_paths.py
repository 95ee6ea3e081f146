"""Data files that are named on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from aegui.cli.choice import chosen_experiment
from aegui.spec import TableSource


def test_that_a_path_in_set_counts_from_here_and_not_from_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run that is written has it absolute: it is read again from its own folder."""
    (tmp_path / "lesson").mkdir()
    (tmp_path / "lesson" / "x.toml").write_text('data.source = { kind = "csv", path = "in-file.csv" }')
    monkeypatch.chdir(tmp_path)
    own = chosen_experiment("lesson/x.toml", [])
    assert own.data.source == TableSource(path=str(tmp_path / "lesson" / "in-file.csv"))
    other = chosen_experiment("lesson/x.toml", ['data.source={ kind = "csv", path = "here.csv" }'])
    assert other.data.source == TableSource(path=str(tmp_path / "here.csv"))
