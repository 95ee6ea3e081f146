"""Draws the icons of the desktop in all sizes: ``python packaging/make_icons.py FOLDER``.

The folder comes out as a theme of freedesktop.org has it: ``48x48/apps/aegui.png`` and so on, and the
drawings themselves under ``scalable``. Needs no display.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

_DRAWINGS = Path(__file__).parent.parent / "resources" / "icons"
_SIZES = (16, 22, 24, 32, 48, 64, 96, 128, 256, 512)  # pixels
_SMALL = 32  # up to this size the program's icon is a drawing of its own
_NAMES = {
    "apps/aegui": "aegui",
    "mimetypes/application-vnd.aegui.package": "aegui-package",
    "mimetypes/application-vnd.aegui.experiment": "aegui-experiment",
}


def make_icons(folder: Path) -> None:
    """Writes every icon in every size."""
    for place, name in _NAMES.items():
        for size in _SIZES:
            small = name == "aegui" and size <= _SMALL
            _draw("aegui-small" if small else name, size, folder / f"{size}x{size}" / f"{place}.png")
        target = folder / "scalable" / f"{place}.svg"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_DRAWINGS / f"{name}.svg", target)


def _draw(name: str, size: int, target: Path) -> None:
    renderer = QSvgRenderer(str(_DRAWINGS / f"{name}.svg"))
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    target.parent.mkdir(parents=True, exist_ok=True)
    if not renderer.isValid() or not image.save(str(target)):
        raise OSError(f"{target}: cannot be drawn from {name}.svg")


if __name__ == "__main__":
    make_icons(Path(sys.argv[1]))
