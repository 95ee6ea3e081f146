"""A tiny experiment as a file, and calls of the command line in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from aegui.__main__ import main
from aegui.spec import Experiment, save


@dataclass(frozen=True)
class Done:
    """What a call left behind."""

    status: int
    out: str
    err: str


Call = Callable[..., Done]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Calls ``aegui`` with these words."""

    def run(*words: str | Path) -> Done:
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        return Done(status, captured.out, captured.err)

    return run


@pytest.fixture
def file(tiny: Callable[..., Experiment], tmp_path: Path) -> Path:
    """The tiny experiment on disk."""
    path = tmp_path / "tiny.toml"
    save(tiny(), path)
    return path
