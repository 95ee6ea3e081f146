"""What the window may import without waiting, and what is there."""

from __future__ import annotations

import pkgutil
import re
import subprocess
import sys
from types import ModuleType

import pytest

from aegui import analysis
from aegui.analysis import looking


def test_that_analysis_for_the_window_loads_neither_torch_nor_scikit_learn() -> None:
    rooms = (
        *("pca", "residuals", "sparsity", "probe", "anomaly", "latent", "features", "units", "code_table"),
        *("denoising", "wiener", "drawing", "inside", "manifold", "run_list", "comparison", "reduction"),
    )
    imports = ", ".join(f"aegui.analysis.{room}" for room in rooms)
    code = f"import sys, {imports}; print(sorted({{'torch', 'sklearn', 'scipy'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("room", [analysis, looking], ids=["analysis", "looking"])
def test_that_a_room_says_what_lives_in_it(room: ModuleType) -> None:
    found = {module.name for module in pkgutil.iter_modules(room.__path__)}
    assert found <= set(re.findall(r"\w+", room.__doc__ or ""))
