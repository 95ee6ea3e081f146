"""What lies around for the monkey to open, and names of files for it to write."""

from __future__ import annotations

import struct
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image

from aegui.spec import replace_all, save
from aegui.spec.presets import preset

_DATA = ("*.csv", "*.csv", "*.npy", "*.npz", "*.idx", "broken.*", "nothing")
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
                return self._one_of(("*.toml", "written/*.toml", "absent.toml"), rng)
            case ["Open", "data"]:
                return self._one_of(_DATA, rng)
            case ["Open", "a"]:
                return self._one_of(("pictures*", "nothing"), rng)
            case ["Open", "the"]:
                runs = sorted(path for path in self._runs.glob("*") if path.is_dir())
                return rng.choice([*runs, self._folder / "broken run", self._folder])
            case _:
                return None

    def to_write(self, suffix: str, rng: Random) -> Path:
        """A file that is not there yet; seldom one that is, or one that cannot be written."""
        written = self._folder / "written"
        if rng.random() < 0.1:
            return written / "no such folder" / f"file{suffix}"
        if rng.random() < 0.2 and (there := sorted(written.glob(f"*{suffix}"))):
            return rng.choice(there)
        self._written += 1
        return written / f"{self._written}{suffix}"

    def to_drop(self, rng: Random) -> Path:
        """Anything of it."""
        return rng.choice(sorted(path for path in self._folder.iterdir() if path.name != "written"))

    def _one_of(self, patterns: tuple[str, ...], rng: Random) -> Path:
        """What fits a pattern; a name that fits nothing is taken as it is."""
        pattern = rng.choice(patterns)
        return rng.choice(sorted(self._folder.glob(pattern)) or [self._folder / pattern])

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
        (self._folder / "Größe.csv").write_bytes(text.replace("age", "größe").encode("latin-1"))
        np.save(self._folder / "array.npy", rng.random((40, 6, 6)))
        np.savez(self._folder / "arrays.npz", x=rng.random((30, 5)), y=rng.integers(0, 3, 30))
        pixels = rng.integers(0, 256, (30, 6, 6), np.uint8).tobytes()
        (self._folder / "images.idx").write_bytes(_idx_head(30, 6, 6) + pixels)
        self._lay_out_broken(rng)
        for folder, size in (("pictures/one", 8), ("pictures/two", 8), ("pictures of no kind", 6)):
            (self._folder / folder).mkdir(parents=True)
            for i in range(6):
                pixels = rng.integers(0, 256, (size, size, 3), np.uint8)
                Image.fromarray(pixels).save(self._folder / folder / f"{i}.png")

    def _lay_out_broken(self, rng: np.random.Generator) -> None:
        """What is cut off, pickled, of another kind than its name says, or leads nowhere."""
        folder = self._folder
        (folder / "broken.npy").write_bytes((folder / "array.npy").read_bytes()[:300])
        (folder / "broken.npz").write_bytes((folder / "arrays.npz").read_bytes()[:-40])
        (folder / "broken.idx").write_bytes(_idx_head(2**31, 28, 28))
        (folder / "broken.csv").write_bytes(rng.bytes(4000))
        np.save(folder / "broken.pickled.npy", np.array([{}, None]), allow_pickle=True)
        source = {"kind": "csv", "path": str(folder / "lost.csv"), "label": "kind"}
        experiment = replace_all(
            preset("denoising-wine").experiment, {"title": "Lost", "data.source": source}
        )
        save(experiment, folder / "lost.toml")
        (folder / "pictures that are none").mkdir()
        (folder / "pictures that are none" / "a.png").write_bytes(rng.bytes(200))
        (folder / "broken run").mkdir()
        save(experiment, folder / "broken run" / "experiment.toml")


def _idx_head(*shape: int) -> bytes:
    """Of bytes in this shape."""
    return struct.pack(f">2xBB{len(shape)}I", 8, len(shape), *shape)
