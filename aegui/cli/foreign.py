"""What a run that somebody else has made may want of this machine: nothing of it is done in silence."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from aegui.errors import InvalidInput
from aegui.spec import Experiment
from aegui.spec.files import source_paths


def tell_data(experiment: Experiment, run: Path) -> None:
    """Names the files outside the folder of a run that are read as its data: it may be somebody else's."""
    folder = os.path.realpath(run)
    for path in source_paths(experiment):
        if not Path(os.path.realpath(path)).is_relative_to(folder):
            print(f"aegui: note: the data of {run} are read from {path}", file=sys.stderr)


def check_target(run: Path, path: Path) -> None:
    """Raises InvalidInput where a link in the folder of a run would lead what is written out of it."""
    for part in (path, *path.parents):
        if part == run:
            return
        if os.path.islink(part):
            raise InvalidInput(f"{part}: is a link out of the run's folder; name another place with --out")
