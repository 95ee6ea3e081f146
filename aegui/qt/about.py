"""What this program is, whose work is in it, and under which licences."""

from __future__ import annotations

from html import escape

import aegui
from aegui.data.catalog import catalog


def about_text() -> str:
    """Version, licences, and where each data set that comes along is from, in HTML."""
    sets = "".join(f"<li>{escape(e.title)}: {escape(e.source)}</li>" for e in catalog() if not e.files)
    return (
        f"<h3>aegui {aegui.__version__}</h3><p>An autoencoder laboratory for the desktop.</p>"
        "<p>MIT licence. Built with Qt for Python (LGPL), PyTorch (BSD), pyqtgraph (MIT),"
        " NumPy (BSD), scikit-learn (BSD) and Matplotlib.</p>"
        f"<p>Data that come along:</p><ul>{sets}</ul>"
    )
