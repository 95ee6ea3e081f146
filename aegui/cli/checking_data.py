"""What a file or folder of data of one's own holds, and how to name it in an experiment."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path

from aegui.cli.text import plain_problems
from aegui.data.importing.reading import guess, read_file
from aegui.data.importing.report import Report, describe
from aegui.errors import InvalidInput
from aegui.spec import Source
from aegui.spec.edits import plain

_INVALID = 2


def check_data(path: Path, *, as_json: bool) -> int:
    """Reads data as the window would and prints the report. Raises InvalidInput with every problem."""
    try:
        source = guess(path)
        report = describe(read_file(source))
    except InvalidInput as error:
        if not as_json:
            raise
        print(json.dumps({"file": str(path), "fine": False, "problems": plain_problems(error)}))
        return _INVALID
    if as_json:
        facts = {"file": str(path), "fine": True, "problems": [], "source": plain(source)}
        print(json.dumps(facts | dataclasses.asdict(report)))
    else:
        _print(path, source, report)
    return 0


def _print(path: Path, source: Source, report: Report) -> None:
    for warning in report.warnings:
        print(f"aegui: warning: {path}: {warning}", file=sys.stderr)
    print(f"{path}: fine")
    width = max(len(heading) for heading, _ in report.rows)
    for heading, text in report.rows:
        print(f"  {heading:<{width}}  {text}")
    for note in report.notes:
        print(f"  {note}")
    name = json.dumps(source.path, ensure_ascii=False)
    print(f'  In an experiment: data.source = {{ kind = "{source.kind}", path = {name} }}')
