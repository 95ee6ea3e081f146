"""What goes wrong on the command line is in the log as well, without folders; the user's mistakes are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aegui.__main__ import main
from aegui.log import FILE, log_folder

Call = Callable[..., Any]


def test_that_a_failed_call_is_in_the_log(call: Call, file: Path, tmp_path: Path) -> None:
    (tmp_path / "occupied").write_bytes(b"")
    done = call("train", file, "--out", tmp_path / "occupied" / "run")
    assert done.status == 1 and str(tmp_path) in done.err
    text = (log_folder() / FILE).read_text(encoding="utf-8")
    assert "ERROR a call failed" in text and "OperationFailed" in text
    assert str(tmp_path) not in text and tmp_path.parent.name not in text


def test_that_a_fault_is_in_the_log_and_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_arguments: object) -> int:
        raise ZeroDivisionError("by a test")

    monkeypatch.setattr("aegui.cli.listing.list_presets", broken)
    with pytest.raises(ZeroDivisionError):
        main(["presets"])
    text = (log_folder() / FILE).read_text(encoding="utf-8")
    assert "a fault of aegui" in text and 'File "aegui/__main__.py"' in text and "by a test" in text


def test_that_a_wrong_call_writes_nothing(call: Call) -> None:
    assert call("trian").status == 2 and not log_folder().exists()
