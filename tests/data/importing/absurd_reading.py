"""Reads everything in a folder, in a process of its own that may be made to stall, swell or die."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from aegui.__main__ import main
from aegui.data.importing.reading import fingerprint, guess, read_file
from aegui.data.importing.report import describe
from aegui.errors import AeguiError
from aegui.spec import ArraySource, IdxSource, ImagesSource, Source, TableSource

KINDS: tuple[type[Source], ...] = (ArraySource, IdxSource, ImagesSource, TableSource)


def outcomes(folder: str) -> str:
    """What each reader makes of each entry of a folder, as JSON: messages, empty where it could be read."""
    return json.dumps({path.name: dict(_readings(path)) for path in sorted(Path(folder).iterdir())})


def checks(folder: str) -> str:
    """What ``aegui data check`` makes of each entry of a folder, as JSON: its status, and what it says."""
    return json.dumps([_checked(path) for path in sorted(Path(folder).iterdir())])


def _readings(path: Path) -> Iterator[tuple[str, str]]:
    yield "guess", _message(lambda: describe(read_file(guess(path))))
    for kind in KINDS:
        source = kind(path=str(path))
        fingerprint(source)
        yield source.kind, _message(lambda source=source: describe(read_file(source)))


def _message(read: Callable[[], object]) -> str:
    try:
        read()
    except AeguiError as error:
        assert str(error)
        return str(error)
    return ""


def _checked(path: Path) -> list[str]:
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", errors="backslashreplace") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(["data", "check", str(path)])
    return [str(status), *(_written(file) for file in (out, err))]


def _written(file: io.TextIOWrapper) -> str:
    file.flush()
    assert isinstance(file.buffer, io.BytesIO)
    return file.buffer.getvalue().decode("utf-8")
