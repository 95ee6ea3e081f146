"""Which experiment a call means. Knows no torch, so that a slip of the pen is told at once."""

from __future__ import annotations

import os
from pathlib import Path

from aegui.spec import Experiment, load, parse_setting, replace_all
from aegui.spec.files import with_absolute_paths
from aegui.spec.presets import preset


def chosen_experiment(name: str, settings: list[str]) -> Experiment:
    """An experiment file or a preset, with settings changed. Raises InvalidInput with every problem."""
    path = Path(name)
    looks_like_file = path.suffix != "" or len(path.parts) > 1
    experiment = load(path) if os.path.isfile(path) or looks_like_file else preset(name).experiment
    changed = replace_all(experiment, dict(parse_setting(s) for s in settings))
    return with_absolute_paths(changed, Path.cwd())  # of --set; those of the file count from its folder
