"""``aegui data list``: what there is, and what would have to be fetched."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aegui.data.catalog import catalog

Call = Callable[..., Any]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing is fetched on this machine."""
    monkeypatch.setenv("AEGUI_DATA", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_that_data_sets_are_a_json_list(call: Call) -> None:
    done = call("data", "list", "--json")
    found = {entry["name"]: entry for entry in json.loads(done.out)}
    assert done.status == 0 and list(found) == [e.name for e in catalog()]
    mnist = found["mnist"]
    assert (mnist["shape"], mnist["train"], mnist["test"]) == ([28, 28], 60_000, 10_000)
    assert mnist["classes"] == list("0123456789") and mnist["range"] == [0, 255]
    assert (mnist["state"], mnist["bytes"]) == ("built in", 0)
    assert found["digits"]["train"] + found["digits"]["test"] == 1797
    assert (found["emnist-letters"]["state"], found["emnist-letters"]["bytes"]) == (
        "not fetched",
        561_753_746,
    )
    assert found["olivetti"]["bytes"] is None  # nobody publishes it


def test_that_data_sets_are_a_line_each(call: Call) -> None:
    lines = {line.split()[0]: line for line in call("data", "list").out.splitlines()}
    assert list(lines) == [e.name for e in catalog()]
    assert "60,000 train and 10,000 test samples, 28×28 pixels, 10 classes; built in. " in lines["mnist"]
    assert "CC BY-SA" in lines["mnist"]
    assert "Digits 8×8: 1,438 train and 359 test samples, 8×8 pixels, 10 classes" in lines["digits"]
    assert "not fetched: aegui data fetch kmnist (21 MB). " in lines["kmnist"]
    assert "140 points, 5 classes; not fetched: aegui data fetch ecg5000. " in lines["ecg5000"]


def test_that_a_fetched_set_is_told(call: Call, cache: Path) -> None:
    (cache / "olivetti").mkdir(parents=True)
    (cache / "olivetti" / "olivettifaces.mat").write_bytes(b"MATLAB 5.0")
    (line,) = (line for line in call("data", "list").out.splitlines() if line.startswith("olivetti "))
    assert "40 classes; fetched. " in line
