"""Moving pictures: which moments, and that the file holds what was given."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QColor, QImage

from aegui.errors import InvalidInput, OperationFailed
from aegui.qt.animation import MOST, chosen_steps, write_animation
from aegui.qt.widgets.pixels import pixels_of

FRAMES = [np.full((20, 30, 3), value, np.uint8) for value in (10, 120, 240)]


@pytest.mark.parametrize("name", ["run.gif", "run.png", "RUN.APNG"])
def test_that_the_file_holds_every_moment_at_its_rate(tmp_path: Path, name: str) -> None:
    write_animation(tmp_path / name, FRAMES, rate=8)
    with Image.open(tmp_path / name) as image:
        assert image.n_frames == 3 and image.size == (30, 20)
        seen, times = [], []
        for number in range(3):
            image.seek(number)
            seen.append(np.asarray(image.convert("RGB"))[5, 5, 0].item())
            times.append(image.info["duration"])
    np.testing.assert_allclose(seen, [10, 120, 240], atol=2)
    assert times[0] == pytest.approx(125, abs=5) and times[-1] > 1000


def test_that_pictures_of_another_size_are_cut_to_the_smallest(tmp_path: Path) -> None:
    write_animation(tmp_path / "a.png", [*FRAMES, np.zeros((18, 30, 3), np.uint8)], rate=4)
    with Image.open(tmp_path / "a.png") as image:
        assert image.size == (30, 18)


def test_that_another_kind_of_file_is_refused_and_a_folder_that_is_not_there_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"must end in \.gif, \.png or \.apng"):
        write_animation(tmp_path / "run.mp4", FRAMES, rate=8)
    (tmp_path / "file").write_text("")
    with pytest.raises(OperationFailed):
        write_animation(tmp_path / "file" / "run.gif", FRAMES, rate=8)


def test_that_long_runs_are_thinned_evenly_and_keep_both_ends() -> None:
    assert chosen_steps(np.arange(7) * 3) == [0, 3, 6, 9, 12, 15, 18]
    chosen = chosen_steps(np.arange(240))
    assert len(chosen) == MOST and (chosen[0], chosen[-1]) == (0, 239)
    assert set(np.diff(chosen).tolist()) == {2, 3}


def test_that_pixels_are_those_of_the_picture() -> None:
    image = QImage(5, 3, QImage.Format.Format_RGB32)  # whose rows of three bytes are padded
    image.fill(QColor(1, 2, 3))
    image.setPixelColor(4, 2, QColor(200, 100, 50))
    pixels = pixels_of(image)
    assert pixels.shape == (3, 5, 3)
    assert pixels[2, 4].tolist() == [200, 100, 50] and pixels[0, 0].tolist() == [1, 2, 3]
