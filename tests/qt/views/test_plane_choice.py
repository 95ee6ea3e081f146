"""The choice of a plane keeps to its room while it changes."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from aegui.qt.views.plane import PlaneChoice


@pytest.mark.parametrize("sizes", [(5, 0, 2, 5), (5, 1, 5), (5, 2, 64, 0, 5)])
@pytest.mark.parametrize("how", ["pca", "units"])
def test_that_another_code_size_never_widens_the_window(qtbot, sizes: tuple[int, ...], how: str) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    layout, plane = QHBoxLayout(window), PlaneChoice()
    layout.addWidget(plane)
    window.show()
    widths = []
    for size in sorted(set(sizes)):  # each alone, at its own least width
        plane.set_size(size)
        plane.kind.setCurrentIndex(max(0, plane.kind.findData(how)))
        QApplication.processEvents()
        widths.append(window.minimumSizeHint().width())
    plane.set_size(sizes[0])
    QApplication.processEvents()
    window.resize(max(widths), window.height())
    for size in sizes:
        plane.set_size(size)
        assert window.width() == max(widths)
