"""What a call costs before it does anything: torch takes a second to load, Qt a fifth."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("torch", "PySide6", "pyqtgraph", "sklearn", "matplotlib", "scipy")
CODE = """
import sys
from aegui.__main__ import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(*sys.modules, file=sys.stderr)
"""


@pytest.mark.parametrize(
    "words",
    [
        ["--version"],
        ["--help"],
        ["presets"],
        ["presets", "--json"],
        ["data", "list"],
        ["evaluate"],
        ["trian"],
    ],
    ids=" ".join,
)
def test_that_a_small_call_loads_neither_torch_nor_qt(words: list[str]) -> None:
    done = subprocess.run([sys.executable, "-c", CODE, *words], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert "aegui" in loaded and not loaded & set(HEAVY)


@pytest.mark.parametrize("module", ["aegui.training.trainer", "aegui.cli.train", "aegui.runs.record"])
def test_that_the_model_layer_needs_no_qt(module: str) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {name.partition(".")[0] for name in done.stdout.split()} & {"PySide6", "pyqtgraph"}
