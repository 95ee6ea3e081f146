"""The model layer is loaded in a thread, while the window's thread goes on."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys, threading
from aegui.qt.models import load_models
thread = threading.Thread(target=load_models)
thread.start()
thread.join()
print("aegui.training.trainer" in sys.modules, sys.modules["torch"].ones(2).sum().item())
"""


def test_that_torch_works_when_its_library_was_opened_before_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, encoding="utf-8", timeout=120, check=True
    )
    assert done.stdout.split() == ["True", "2.0"]
