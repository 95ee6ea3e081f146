"""``aegui presets`` and ``aegui data list``, for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from aegui.spec.presets import presets

Call = Callable[..., Any]


def test_that_presets_are_a_json_list(call: Call) -> None:
    done = call("presets", "--json")
    found = json.loads(done.out)
    assert done.status == 0 and done.out.count("\n") == 1
    assert found == [{"name": p.name, "title": p.title, "why": p.why} for p in presets()]


def test_that_presets_are_a_line_each(call: Call) -> None:
    done = call("presets")
    lines = done.out.splitlines()
    assert done.status == 0 and [line.split()[0] for line in lines] == [p.name for p in presets()]
    assert all(p.why in line for p, line in zip(presets(), lines, strict=True))


def test_that_data_sets_are_a_json_list(call: Call) -> None:
    done = call("data", "list", "--json")
    found = {entry["name"]: entry for entry in json.loads(done.out)}
    assert done.status == 0 and list(found) == ["mnist", "digits"]
    mnist = found["mnist"]
    assert (mnist["shape"], mnist["train"], mnist["test"]) == ([28, 28], 60_000, 10_000)
    assert mnist["classes"] == list("0123456789") and mnist["range"] == [0, 255]
    assert found["digits"]["train"] + found["digits"]["test"] == 1797


def test_that_data_sets_are_a_line_each(call: Call) -> None:
    done = call("data", "list")
    mnist, digits = done.out.splitlines()
    assert "60,000 train and 10,000 test samples, 28×28, 10 classes" in mnist and "CC BY-SA" in mnist
    assert digits.startswith("digits  Digits 8×8: 1,438 train and 359 test samples, 8×8, 10 classes")
