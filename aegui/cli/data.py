"""``aegui data``: list the named data sets, fetch one, check an experiment or data of one's own."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from typing import Any

from aegui.cli.text import shape_words
from aegui.data.catalog import catalog, entry
from aegui.data.entry import Entry
from aegui.data.fetching import fetch, is_fetched, kept_files
from aegui.errors import InvalidExperiment, InvalidInput

_INTERRUPTED = 130


def data(arguments: Namespace) -> int:
    """Runs one of its actions; returns the exit status."""
    match arguments.action:
        case "list":
            return _list(as_json=arguments.json)
        case "fetch":
            return _fetch(arguments.name, as_json=arguments.json)
    from aegui.cli.checking import check

    return check(arguments.file, as_json=arguments.json)


def _list(*, as_json: bool) -> int:
    if as_json:
        print(json.dumps([_facts(e) for e in catalog()]))
        return 0
    width = max(len(e.name) for e in catalog())
    for e in catalog():
        shape, classes = shape_words(e.shape, e.layout), f", {len(e.classes)} classes" if e.classes else ""
        print(f"{e.name:<{width}}  {e.title}: {e.train:,} train and {e.test:,} test samples,", end=" ")
        print(f"{shape}{classes}; {_state_in_words(e)}. {e.source}")
    return 0


def _facts(e: Entry) -> dict[str, Any]:
    return {
        "name": e.name,
        "title": e.title,
        "shape": list(e.shape),
        "layout": e.layout,
        "train": e.train,
        "test": e.test,
        "classes": list(e.classes),
        "range": [e.low, e.high],
        "state": _state(e),
        "bytes": _bytes(e),
        "source": e.source,
    }


def _state(e: Entry) -> str:
    if not e.files:
        return "built in"
    return "fetched" if is_fetched(e) else "not fetched"


def _bytes(e: Entry) -> int | None:
    """To be fetched; None where the size of a file was not published."""
    return None if any(file.size is None for file in e.files) else e.size


def _state_in_words(e: Entry) -> str:
    if _state(e) != "not fetched":
        return _state(e)
    size = _bytes(e)
    return "not fetched: aegui data fetch " + e.name + ("" if size is None else f" ({size / 1e6:,.0f} MB)")


def _fetch(name: str, *, as_json: bool) -> int:
    """Fetches with a progress bar; Ctrl-C leaves what has come."""
    wanted = _named(name)
    try:
        if wanted.files:
            _with_bar(wanted)
    except KeyboardInterrupt:
        print(f"interrupted; go on with aegui data fetch {name}", file=sys.stderr)
        return _INTERRUPTED
    paths = kept_files(wanted)
    if as_json:
        kept = [{"path": str(path), "bytes": path.stat().st_size} for path in paths]
        print(json.dumps({"name": name, "state": _state(wanted), "files": kept}))
    elif paths:
        print(f'{wanted.title} is in {paths[0].parent}: use it as data.source = "{name}"')
    else:
        print(f"{wanted.title} is built in: there is nothing to fetch")
    return 0


def _named(name: str) -> Entry:
    try:
        return entry(name)
    except InvalidExperiment as error:
        raise InvalidInput(f"NAME: {error.problems[0].message}") from None


def _with_bar(wanted: Entry) -> None:
    from tqdm import tqdm

    with tqdm(total=wanted.size or None, unit="B", unit_scale=True, desc=wanted.name, disable=None) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total or None
            bar.update(done - bar.n)

        fetch(wanted, show)
