"""Draws the icons of the desktop in all sizes: ``python packaging/make_icons.py FOLDER``.

The folder comes out as a theme of freedesktop.org has it: ``48x48/apps/aegui.png`` and so on, and the
drawings themselves under ``scalable``. ``packaging/aegui.spec`` also makes the files of Windows and macOS,
which hold all sizes of one icon. Needs no display.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from PIL import Image
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
_SIZES_IN_ONE = {"ico": (16, 20, 24, 32, 40, 48, 64, 128, 256), "icns": (32, 64, 128, 256, 512, 1024)}


def make_icons(folder: Path) -> None:
    """Writes every icon in every size."""
    for place, name in _NAMES.items():
        for size in _SIZES:
            png = folder / f"{size}x{size}" / f"{place}.png"
            png.parent.mkdir(parents=True, exist_ok=True)
            if not _drawn(name, size).save(str(png)):
                raise OSError(f"{png}: cannot be written")
        target = folder / "scalable" / f"{place}.svg"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_DRAWINGS / f"{name}.svg", target)


def make_icon_files(folder: Path, kind: str) -> list[Path]:
    """Writes each icon in all sizes to one file, ``ico`` or ``icns``; returns them, the program's first."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name in _NAMES.values():
        *smaller, largest = (_as_pillow(_drawn(name, size)) for size in _SIZES_IN_ONE[kind])
        files.append(folder / f"{name}.{kind}")
        sizes = [(size, size) for size in _SIZES_IN_ONE[kind]]
        largest.save(files[-1], append_images=smaller, sizes=sizes)
    return files


def _drawn(name: str, size: int) -> QImage:
    small = name == "aegui" and size <= _SMALL
    drawing = _DRAWINGS / f"{name}{'-small' if small else ''}.svg"
    renderer = QSvgRenderer(str(drawing))
    if not renderer.isValid():
        raise OSError(f"{drawing}: is no drawing")
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


def _as_pillow(image: QImage) -> Image.Image:
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return Image.frombytes("RGBA", (plain.width(), plain.height()), bytes(plain.constBits()))


if __name__ == "__main__":
    make_icons(Path(sys.argv[1]))
