"""What lies around for the monkey to open, and names of files for it to write."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
from PIL import Image

from aegui.spec import save
from aegui.spec.presets import preset

_PRESETS = ("denoising-wine", "sparse-digits", "deep-swiss-roll", "anomaly-signals", "variational")


class Things:
    """A folder of experiments and data, good and bad ones."""

    def __init__(self, folder: Path, runs: Path) -> None:
        self._folder, self._runs = folder, runs
        self._written = 0
        folder.mkdir()
        self._lay_out(np.random.default_rng(0))

    def to_open(self, title: str, rng: Random) -> Path | None:
        """What a user would name in a dialog with this title, None for nothing."""
        match title.split(" ")[:2]:
            case ["Open", "experiment"]:
                return self._one_of("*.toml", rng)
            case ["Open", "data"]:
                return rng.choice([self._one_of("*.csv", rng), self._folder / "array.npy"])
            case ["Open", "a"]:
                return self._one_of("pictures*", rng)
            case ["Open", "the"]:
                found = sorted(path for path in self._runs.glob("*") if path.is_dir())
                return rng.choice(found) if found else None
            case _:
                return None

    def to_write(self, suffix: str) -> Path:
        """A file that is not there yet."""
        self._written += 1
        return self._folder / "written" / f"{self._written}{suffix}"

    def to_drop(self, rng: Random) -> Path:
        """Anything of it."""
        return rng.choice(sorted(path for path in self._folder.iterdir() if path.name != "written"))

    def _one_of(self, pattern: str, rng: Random) -> Path:
        return rng.choice(sorted(self._folder.glob(pattern)))

    def _lay_out(self, rng: np.random.Generator) -> None:
        (self._folder / "written").mkdir()
        for name in _PRESETS:
            save(preset(name).experiment, self._folder / f"{name}.toml")
        (self._folder / "broken.toml").write_text("code = {size = -1}", encoding="utf-8")
        values = rng.normal(size=(60, 4))
        rows = [",".join([*(f"{v:.4f}" for v in row), "ab"[i % 2]]) for i, row in enumerate(values)]
        text = "\n".join(["height,width,depth,age,kind", *rows])
        (self._folder / "own.csv").write_text(text, encoding="utf-8")
        (self._folder / "gaps.csv").write_text(text.replace("0.1", "").replace(",a", ","), encoding="utf-8")
        (self._folder / "empty.csv").write_text("", encoding="utf-8")
        np.save(self._folder / "array.npy", rng.random((40, 6, 6)))
        for folder, size in (("pictures/one", 8), ("pictures/two", 8), ("pictures of no kind", 6)):
            (self._folder / folder).mkdir(parents=True)
            for i in range(6):
                pixels = rng.integers(0, 256, (size, size, 3), np.uint8)
                Image.fromarray(pixels).save(self._folder / folder / f"{i}.png")
