"""What ``metrics.json`` says of a run, checked: others may have written it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from aegui.spec.problems import shown

_TABLES = ("test", "train", "baselines", "code", "anomaly", "probe", "timing")  # of numbers
_COUNTS = ("parameters", "threads", "seed", "epochs", "steps")
_WORDS = ("type", "device", "end_reason")
_LONGEST = 500  # characters
_LARGEST = 2**63  # of a count
_DIGITS = 18  # of whole numbers that are read as such


def parse_metrics(data: bytes) -> dict[str, Any]:
    """The metrics in the contents of a file. Raises ValueError that says what is wrong with them."""
    try:
        found: Any = json.loads(data, parse_int=_whole)
    except RecursionError:
        raise ValueError("is not valid JSON, or is damaged: lists stand in each other too deep") from None
    except ValueError as error:
        raise ValueError(f"is not valid JSON, or is damaged: {error}") from None
    if not isinstance(found, dict) or not isinstance(found.get("test"), dict) or "mse" not in found["test"]:
        raise ValueError("holds no test.mse: these are not the metrics of a run")
    for name, value in found.items():
        _CHECKS.get(name, _check_other)(name, value)
    if found["test"]["mse"] is None:  # JSON's word for what is not finite, as of a run that diverged at once
        found["test"]["mse"] = math.nan
    return found


def _whole(digits: str) -> int | float:
    """Python refuses numbers of thousands of digits, and takes long for those below."""
    return int(digits) if len(digits) <= _DIGITS else float(digits)


def _check_table(name: str, value: Any) -> None:
    if not isinstance(value, dict):
        raise _wrong(name, "a table of numbers", value)
    for key, number in value.items():
        if number is not None and type(number) not in (int, float):
            raise _wrong(f"{name}.{key}", "a number", number)


def _check_count(name: str, value: Any) -> None:
    if type(value) not in (int, float) or not 0 <= value < _LARGEST or not math.isfinite(value) or value % 1:
        raise _wrong(name, "a whole number", value)


def _check_words(name: str, value: Any) -> None:
    if not isinstance(value, str) or len(value) > _LONGEST or not value.isprintable():
        raise _wrong(name, "text in one line", value)


def _check_versions(name: str, value: Any) -> None:
    if not isinstance(value, dict):
        raise _wrong(name, "a table of versions", value)
    for program, version in value.items():
        _check_words(name, program)
        _check_words(f"{name}.{program}", version)


def _check_changes(name: str, value: Any) -> None:
    if not isinstance(value, list):
        raise _wrong(name, "a list", value)
    for change in value:
        if not isinstance(change, dict) or not {"step", "path", "value"} <= change.keys():
            raise _wrong(name, "a list of step, path and value each", change)
        _check_count(f"{name}.step", change["step"])
        _check_words(f"{name}.path", change["path"])
        _check_other(f"{name}.value", change["value"])


def _check_other(name: str, value: Any) -> None:
    """What another version may have written."""
    if not isinstance(value, str | bool | int | float | None):
        raise _wrong(name, "a number or text", value)


def _wrong(name: str, wanted: str, value: Any) -> ValueError:
    return ValueError(f"{shown(name)[1:-1]} must be {wanted}, is {shown(value)}")


_CHECKS: dict[str, Callable[[str, Any], None]] = {
    **dict.fromkeys(_TABLES, _check_table),
    **dict.fromkeys(_COUNTS, _check_count),
    **dict.fromkeys(_WORDS, _check_words),
    "versions": _check_versions,
    "live_changes": _check_changes,
}
