"""What the window may import without waiting."""

from __future__ import annotations

import subprocess
import sys


def test_that_analysis_for_the_window_loads_neither_torch_nor_scikit_learn() -> None:
    rooms = (
        *("pca", "residuals", "sparsity", "probe", "anomaly", "latent", "features", "units", "code_table"),
        *("denoising", "wiener", "drawing", "inside", "manifold", "run_list", "comparison", "reduction"),
    )
    imports = ", ".join(f"aegui.analysis.{room}" for room in rooms)
    code = f"import sys, {imports}; print(sorted({{'torch', 'sklearn', 'scipy'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
