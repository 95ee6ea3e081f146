"""aegui: an autoencoder laboratory for the desktop.

    errors        the tree of exceptions;  colours
    resources     finds the bundled files;  writing: files at once;  piecewise: work in parts;  machine
    parts         whose work is inside, and its licence
    spec/         what the user decides: frozen values
    plan          resolve(experiment, facts) -> Plan: shapes, parameter counts, type, problems
    data/         files and built-in sets -> Dataset
    nets/         Plan -> torch modules
    objectives/   loss terms, each with a name; corruption of the input
    training/     Trainer (a generator of steps), Snapshot (numpy only), checkpoints, device
    analysis/     what is true of a trained model: PCA baseline, residuals, anomaly, probe
    runs/         one folder on disk per run, and its figures
    cli/          the command line
    qt/           the window; the only room that knows Qt

Imports go up this list only; import-linter holds it as a test. One value, one edit,
one picture: an ``Experiment`` is what the file holds, what the window edits, what the
command line runs and what undo swaps. A ``Trainer`` is a generator of steps that both
the command line and the window's worker thread drive. A ``Snapshot`` is arrays that
nobody changes, and a view is a function of one.
"""

import os as _os
from importlib.metadata import version as _version

_os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # it would look through every package for them

__version__ = _version("aegui")
