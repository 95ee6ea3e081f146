"""Works a frozen program as its users do: ``python packaging/smoke.py DIST/aegui/aegui [WINDOW]``.

Every command, every type of network, every kind of export, and the window without a screen. What
pruning took too much of fails here. WINDOW is another program for the window, as on Windows, where the first
has a console. Needs nothing but Python; prints a line for each step.
"""

from __future__ import annotations

import csv
import json
import math
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_LIMIT = 600.0  # seconds, far beyond what any step takes
_SMALL = ("training.epochs=1", "data.train=200", "data.test=100")
# One preset for each kind of layer, code, penalty, noise and data.
_PRESETS = (
    "undercomplete",
    "sparse",
    "denoising-blur",
    "contractive-digits",
    "beta-variational",
    "convolutional-denoising-shapes",
    "convolutional-signals",
    "anomaly-breast-cancer",
    "deep-swiss-roll",
)
_EXPORTS = {
    "codes": "codes.csv",
    "figures": "figures/loss.png",
    "report": "report.html",
    "onnx": "model.onnx",
    "script": "script/script.py",
    "package": "run.aegui",
}
_WORKSPACES = ("reduction", "denoising", "anomalies", "features", "inside")


class Smoke:
    """One program, in a folder of its own that takes the place of the user's."""

    def __init__(self, program: Path, window: Path, folder: Path) -> None:
        self.program, self.window, self.folder = program, window, folder
        places = {f"AEGUI_{name}": str(folder / name.lower()) for name in ("RUNS", "DATA", "STATE", "LOG")}
        homes = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "CACHE")}
        self.environment = os.environ | places | homes | {"QT_QPA_PLATFORM": "offscreen"}

    def call(self, *arguments: str) -> str:
        """Standard output of a call, which has to succeed and to say nothing about a fault."""
        started = time.monotonic()
        done = subprocess.run(
            [self.program, *arguments],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            encoding="utf-8",
            errors="replace",  # on Windows, what is not for a console comes in the system's own letters
            timeout=_LIMIT,
            check=False,
        )
        if done.returncode or "Traceback" in done.stderr or "Warning" in done.stderr:
            sys.exit(f"aegui {' '.join(arguments)}: status {done.returncode}\n{done.stdout}{done.stderr}")
        print(f"{time.monotonic() - started:6.1f} s  aegui {' '.join(arguments)}", flush=True)
        return done.stdout

    def train(self, experiment: str, *settings: str) -> Path:
        """A run of one pass; its error has to be a number."""
        out = self.folder / "made" / Path(experiment).stem
        chosen = [word for setting in (*_SMALL, *settings) for word in ("--set", setting)]
        last = self.call("train", experiment, *chosen, "--out", str(out), "--json").splitlines()[-1]
        assert math.isfinite(json.loads(last)["test"]["mse"]), last
        return out


def smoke(tool: Smoke) -> None:
    """All steps; ends the process with a message at the first that fails."""
    folder = tool.folder
    print(tool.call("--version").strip())
    assert json.loads(tool.call("schema")) and json.loads(tool.call("data", "list", "--json"))
    known = {entry["name"] for entry in json.loads(tool.call("presets", "--json"))}
    assert set(_PRESETS) <= known, set(_PRESETS) - known
    table = _table(folder / "table.csv")
    assert json.loads(tool.call("data", "check", str(table), "--json"))
    runs = [tool.train(name) for name in _PRESETS]
    own = folder / "own.toml"
    own.write_text(
        '[data]\nsource = { kind = "csv", path = "table.csv" }\n[code]\nsize = 2\n', encoding="utf-8"
    )
    tool.train(str(own))
    for kind, file in _EXPORTS.items():
        tool.call("export", str(runs[0]), "--to", kind)
        assert (runs[0] / file).stat().st_size > 0, file
    for suffix in (".svg", ".pdf", ".npz"):
        kind = "codes" if suffix == ".npz" else "figures"
        tool.call("export", str(runs[0]), "--to", kind, "--out", str(folder / f"out{suffix}"))
    for name in _WORKSPACES:
        tool.call("evaluate", str(runs[0]), "--workspace", name, "--json")
    tool.call("evaluate", str(runs[0]), "--json")
    tool.call("compare", str(runs[0]), str(runs[1]), "--json")
    tool.call("unpack", str(runs[0] / "run.aegui"), "--out", str(folder / "unpacked"))
    tool.call("sweep", "undercomplete", "--sizes", "1,2", *(w for s in _SMALL for w in ("--set", s)))
    window(tool, runs[0] / "run.aegui")


def window(tool: Smoke, package: Path) -> None:
    """Opens a package in the window, lets all libraries load, and closes it as the system would."""
    process = subprocess.Popen([tool.window, package], env=tool.environment, stderr=subprocess.PIPE)
    try:
        _wait(lambda: any("start" in text for text in _logs(tool)), "the window does not start")
        time.sleep(20)  # from outside there is no telling when everything has loaded
        assert process.poll() is None, process.communicate()[1]
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=_LIMIT)
    finally:
        process.kill()
    faults = [text for text in _logs(tool) if "Traceback" in text]
    if faults or b"Traceback" in told:
        sys.exit("\n".join((*faults, told.decode(errors="replace"))))
    if sys.platform != "win32":  # where that signal ends a process at once
        assert process.returncode == 0, told
    print("the window opened and closed")


def _wait(condition: Callable[[], bool], problem: str) -> None:
    end = time.monotonic() + _LIMIT
    while not condition():
        if time.monotonic() > end:
            sys.exit(problem)
        time.sleep(0.2)


def _logs(tool: Smoke) -> Iterator[str]:
    for path in (tool.folder / "log").rglob("*"):
        if path.is_file() and path.suffix != ".lock":  # which nobody else can read on Windows
            yield path.read_text(encoding="utf-8", errors="replace")


def _table(path: Path) -> Path:
    draw = random.Random(0)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("length", "width", "weight", "label"))
        for row in range(300):
            size = draw.random()
            writer.writerow((size, size / 2 + draw.gauss(0, 0.1), size**2, "ab"[row % 2]))
    return path


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        programs = [Path(argument).resolve() for argument in sys.argv[1:]]
        smoke(Smoke(programs[0], programs[-1], Path(name)))
    print("everything works")
