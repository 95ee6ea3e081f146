"""The experiment as a TOML file."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tomli_w

from aegui.errors import InvalidExperiment, InvalidInput, Problem
from aegui.spec.data import Data
from aegui.spec.edits import plain, validated
from aegui.spec.experiment import Experiment
from aegui.spec.migration import migrated
from aegui.spec.source import FILES
from aegui.writing import read_plain, write_atomic

LARGEST_FILE = 1_000_000  # bytes; an experiment takes one or two thousand

_DEEPEST = 32  # parts of a dotted key; no experiment has more than five
_STRING_OR_COMMENT = re.compile(
    r'''"""(?:\\.|(?!""").)*+(?:"{3,5})?|"(?:\\.|[^"\\\n])*+"?'''
    r"""|'''(?:(?!''').)*+(?:'{3,5})?|'[^'\n]*+'?|\#[^\n]*+""",
    re.DOTALL,
)
_DEEP_KEY = re.compile(rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{_DEEPEST}}}")


def loads(text: str, source: str = "") -> Experiment:
    """Reads an experiment, of an older format, too. Raises InvalidExperiment with its problems at once.

    Relative paths stay as they are.
    """
    tree = _tree(text, source)
    try:
        return validated(migrated(tree))
    except InvalidExperiment as error:
        raise InvalidExperiment(error.problems, source) from None


def load(path: Path | str) -> Experiment:
    """Reads an experiment file; relative paths in it count from its folder, and are made absolute.

    Raises InvalidInput if it cannot be read, InvalidExperiment with every problem if it is wrong.
    """
    path = Path(path)
    return _located(loads(_text(path), str(path)), path)


def loads_at(data: bytes, path: Path) -> Experiment:
    """The same for the contents of a file that were read by somebody else. Raises as :func:`load`."""
    return _located(loads(_decoded(data, path), str(path)), path)


def load_data(path: Path | str) -> Data:
    """The data of an experiment file whose other parts may be wrong.

    Raises as :func:`load` if it cannot be read, is no TOML or has a problem in its data.
    """
    path = Path(path)
    tree = _tree(_text(path), str(path))
    try:
        return _located(validated({"data": migrated(tree).get("data", {})}), path).data
    except InvalidExperiment as error:
        raise InvalidExperiment(error.problems, str(path)) from None


def dumps(experiment: Experiment) -> str:
    """The experiment as TOML, every part written out. ``loads`` gives an equal one back."""
    return tomli_w.dumps(_without_none(plain(experiment)))


def save(experiment: Experiment, path: Path | str) -> None:
    """Writes the experiment; a failure leaves the old file. Raises OperationFailed.

    Paths of files in the folder that it is written to, or below it, are written relative to it, so
    that the folder can be moved as a whole; others are written as they are from the root.
    """
    path = Path(path)
    folder = Path(os.path.abspath(path.parent))
    portable = with_paths(with_absolute_paths(experiment, Path.cwd()), lambda p: _below(Path(p), folder))
    write_atomic(path, dumps(portable).encode("utf-8"))


def with_absolute_paths(experiment: Experiment, folder: Path) -> Experiment:
    """The experiment with its relative paths counted from ``folder``; ``~`` is the user's own folder.

    Raises InvalidExperiment for a path that no text file can hold.
    """
    return with_paths(experiment, lambda p: os.path.abspath(folder / os.path.expanduser(p)))


def _tree(text: str, source: str) -> dict[str, Any]:
    try:
        _check_depth(text)
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason = str(error)
    except RecursionError:
        reason = "lists or tables stand in each other too deep"
    except ValueError:  # of int, which takes 4,300 digits
        reason = "a number has too many digits"
    raise InvalidExperiment([Problem("", f"is not valid TOML: {reason}")], source)


def _check_depth(text: str) -> None:
    """A key of many parts would cost the parser memory by their square. Raises TOMLDecodeError."""
    if _DEEP_KEY.search(_STRING_OR_COMMENT.sub("s", text)):
        raise tomllib.TOMLDecodeError(f"a key must have at most {_DEEPEST} parts, one has more")


def _text(path: Path) -> str:
    try:
        return _decoded(read_plain(path, LARGEST_FILE), path)
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read: {error.strerror or error}") from None


def _decoded(data: bytes, path: Path) -> str:
    try:
        text = data.decode("utf-8-sig")  # some editors write a mark at the start
    except UnicodeDecodeError:
        raise InvalidInput(f"{path}: is not an experiment: not a UTF-8 text file") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _located(experiment: Experiment, path: Path) -> Experiment:
    try:
        return with_absolute_paths(experiment, path.parent)
    except InvalidExperiment as error:
        raise InvalidExperiment(error.problems, str(path)) from None


def source_paths(experiment: Experiment) -> tuple[str, ...]:
    """The files and folders that hold the data of an experiment; none if the data have a name."""
    source = experiment.data.source
    found = () if isinstance(source, str) else tuple(getattr(source, name, "") for name in FILES)
    return tuple(path for path in found if path)


def with_paths(experiment: Experiment, change: Callable[[str], str]) -> Experiment:
    """The experiment with the paths of its data changed. Raises InvalidExperiment for one that is no text."""
    source = experiment.data.source
    if isinstance(source, str):
        return experiment
    paths = {name: getattr(source, name) for name in FILES if getattr(source, name, "")}
    update = {name: change(path) for name, path in paths.items()}
    _check_text(update)
    changed = source.model_copy(update=update)
    return experiment.model_copy(update={"data": experiment.data.model_copy(update={"source": changed})})


def _check_text(paths: dict[str, str]) -> None:
    """Names of files may hold bytes that are no text at all, on systems that allow it."""
    message = (
        "must be the name of a file in UTF-8, which an experiment file can hold; rename the folder or file"
    )
    bad = [name for name, path in paths.items() if not is_text(path) or "\0" in path]
    if bad:
        raise InvalidExperiment(Problem(f"data.source.{name}", message) for name in bad)


def is_text(word: str) -> bool:
    """Whether a word from the command line or the file system can be written to a file as UTF-8."""
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def _below(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def parse_setting(text: str) -> tuple[str, Any]:
    """``PATH=VALUE`` with a TOML value; a bare word is a string. Raises InvalidInput."""
    if not is_text(text):
        raise InvalidInput(f"--set {text}: must be text in the terminal's encoding, holds other bytes")
    path, equals, raw = text.partition("=")
    if not equals or not path.strip():
        raise InvalidInput(f"--set {text}: must be PATH=VALUE, for instance code.size=32")
    try:
        _check_depth(raw)
        tree = tomllib.loads(f"value = {raw}")
    except (ValueError, RecursionError):
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
