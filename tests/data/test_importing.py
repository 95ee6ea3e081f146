"""SciPy, which scikit-learn brings, and PyTorch are imported one after the other, whichever thread is first.

A SciPy that is imported while another thread has half of PyTorch raises an AttributeError: data that take
long to come, with the model layer loading beside them, could not be used.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

IMPORTERS = {
    "sklearn": "from aegui.data.bundled import wine as load",
    "sklearn.datasets": "from aegui.data.manifolds import s_curve as load",
    "torch": "from aegui.qt.models import load_models as load",
}
WAITS = """
import sys, threading
from aegui.machine import IMPORTING
{importer}
thread = threading.Thread(target=load)
with IMPORTING:
    thread.start()
    thread.join(0.5)
    assert thread.is_alive() and "{name}" not in sys.modules
thread.join()
assert "{name}" in sys.modules
"""


@pytest.mark.parametrize("name", IMPORTERS)
def test_that_an_import_waits_for_another(name: str) -> None:
    script = WAITS.format(importer=IMPORTERS[name], name=name)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
