"""The experiment as a TOML file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import tomli_w

from aegui.errors import InvalidExperiment, InvalidInput, Problem
from aegui.spec.edits import plain, validated
from aegui.spec.experiment import FORMAT, Experiment
from aegui.writing import write_atomic

LARGEST_FILE = 1_000_000  # bytes; an experiment takes one or two thousand


def loads(text: str, source: str = "") -> Experiment:
    """Reads an experiment. Raises InvalidExperiment with every problem of the text at once."""
    try:
        tree = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InvalidExperiment([Problem("", f"is not valid TOML: {error}")], source) from None
    number = tree.get("format", FORMAT)
    if isinstance(number, int) and not isinstance(number, bool) and number > FORMAT:
        message = f"is {number}, made by a newer aegui; this one reads up to {FORMAT}: please update"
        raise InvalidExperiment([Problem("format", message)], source)
    try:
        return validated(tree)
    except InvalidExperiment as error:
        raise InvalidExperiment(error.problems, source) from None


def load(path: Path | str) -> Experiment:
    """Reads an experiment file. Raises InvalidInput if it cannot be read, InvalidExperiment if wrong."""
    path = Path(path)
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise InvalidInput(
                f"{path}: must be at most {LARGEST_FILE:,} bytes to be an experiment, has {size:,}"
            )
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise InvalidInput(f"{path}: is not an experiment: not a UTF-8 text file") from None
    return loads(text, str(path))


def dumps(experiment: Experiment) -> str:
    """The experiment as TOML, every part written out. ``loads`` gives an equal one back."""
    return tomli_w.dumps(_without_none(plain(experiment)))


def save(experiment: Experiment, path: Path | str) -> None:
    """Writes the experiment; a failure leaves the old file. Raises OperationFailed."""
    write_atomic(Path(path), dumps(experiment).encode("utf-8"))


def parse_setting(text: str) -> tuple[str, Any]:
    """``PATH=VALUE`` with a TOML value; a bare word is a string. Raises InvalidInput."""
    path, equals, raw = text.partition("=")
    if not equals or not path.strip():
        raise InvalidInput(f"--set {text}: must be PATH=VALUE, for instance code.size=32")
    try:
        tree = tomllib.loads(f"value = {raw}")
    except (tomllib.TOMLDecodeError, RecursionError):
        if any(c in raw for c in "[]{}\"'="):
            raise InvalidInput(f"--set {text}: {raw} is not a TOML value") from None
        tree = {"value": raw.strip()}
    if len(tree) > 1:
        raise InvalidInput(f"--set {text}: must be a single PATH=VALUE; repeat --set for more")
    return path.strip(), tree["value"]


def _without_none(tree: Any) -> Any:
    """TOML has no null: what is not set is not written."""
    if isinstance(tree, dict):
        return {k: _without_none(v) for k, v in tree.items() if v is not None}
    if isinstance(tree, list):
        return [_without_none(v) for v in tree]
    return tree
