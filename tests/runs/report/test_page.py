"""The report of a run: everything in it, nothing from elsewhere."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from aegui.__main__ import main
from aegui.runs.report.meanings import MEANINGS, told
from aegui.spec import Experiment, load, loads, save

TITLE = 'A <script>alert("1")</script> & σ'
VOID = {"meta", "img"}


class Page(HTMLParser):
    """What a browser would find."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(scope="module")
def run(tiny: Callable[..., Experiment], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    changes: dict[str, Any] = {
        "title": TITLE,
        "noise.kind": "gaussian",
        "penalty.code": {"kind": "l1", "weight": 0.001},
        "data.classes": [1, 7],
    }
    save(tiny(changes), folder / "tiny.toml")
    assert main(["train", str(folder / "tiny.toml"), "--out", str(folder / "run")]) == 0
    return folder / "run"


@pytest.fixture(scope="module")
def text(run: Path) -> str:
    assert main(["export", str(run), "--to", "report"]) == 0
    return (run / "report.html").read_text(encoding="utf-8")


def test_that_it_is_one_well_formed_page_without_anything_from_elsewhere(text: str) -> None:
    page = Page(text)
    assert text.startswith("<!doctype html>") and page.open == []
    assert not {"script", "link", "iframe", "object"} & set(page.tags)
    sources = [value or "" for name, value in page.attributes if name in ("src", "href", "srcset")]
    assert len(sources) == 3 and all(source.startswith("data:image/svg+xml;base64,") for source in sources)
    assert "url(" not in text and "@import" not in text
    assert "default-src &#x27;none&#x27;" in text
    assert "prefers-color-scheme: dark" in text


def test_that_titles_are_escaped(text: str) -> None:
    assert "<script" not in text
    assert f"<title>{html.escape(TITLE)}</title>" in text
    assert f"<h1>{html.escape(TITLE)}</h1>" in text


def test_that_every_metric_is_told_with_its_meaning(text: str, run: Path) -> None:
    metrics = json.loads((run / "metrics.json").read_text())
    words = Page(text).words
    for meaning, shown in told(metrics):
        assert meaning.label in words and shown in words and meaning.text in words
    assert f"{metrics['test']['mse']:.6g}" in words and f"{100 * metrics['probe']['codes']:.1f} %" in words


def test_that_the_formula_is_drawn_and_said(text: str) -> None:
    labels = [value for name, value in Page(text).attributes if name == "aria-label"]
    assert labels == ["L =", "(1/k)·‖x − f(g(x̃))‖²", "+", "λ·Σⱼ |hⱼ|"]
    assert "mse" in Page(text).words and "code_l1  λ = 0.001" in Page(text).words


def test_that_the_experiment_can_be_taken_out_again(text: str, run: Path) -> None:
    (found,) = re.findall(r"<details>.*?<pre>(.*?)</pre></details>", text, re.DOTALL)
    assert loads(html.unescape(found)) == load(run / "experiment.toml")


def test_that_settings_say_what_they_are(text: str) -> None:
    words = Page(text).words
    assert "Noise strength" in words and "Standard deviation of the noise, in the scaled units" in words
    assert "Adds normal noise of one strength to every feature" in words


def test_that_changes_while_training_are_told(run: Path, tmp_path: Path) -> None:
    metrics = json.loads((run / "metrics.json").read_text())
    metrics["live_changes"] = [{"step": 1234, "path": "noise.sigma", "value": 0.7}]
    kept = (run / "metrics.json").read_text()
    try:
        (run / "metrics.json").write_text(json.dumps(metrics))
        assert main(["export", str(run), "--to", "report", "--out", str(tmp_path / "x.html")]) == 0
    finally:
        (run / "metrics.json").write_text(kept)
    text = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "<td>1,234</td><td>noise.sigma</td><td>0.7</td>" in text


@pytest.mark.parametrize("source", ["swiss-roll", "signals", "wine"])
def test_that_every_kind_of_data_has_a_report(
    tiny: Callable[..., Experiment], tmp_path: Path, source: str
) -> None:
    changes = {"data.source": source, "training.epochs": 1, "code.variational": True}
    save(tiny(changes), tmp_path / "tiny.toml")
    assert main(["train", str(tmp_path / "tiny.toml"), "--out", str(tmp_path / "run")]) == 0
    assert main(["export", str(tmp_path / "run"), "--to", "report"]) == 0
    page = Page((tmp_path / "run" / "report.html").read_text(encoding="utf-8"))
    assert page.tags.count("img") == 3 and page.open == []


def test_that_every_number_of_a_run_has_a_meaning(run: Path) -> None:
    def paths(tree: dict[str, Any], before: str = "") -> set[str]:
        found = set()
        for name, value in tree.items():
            if isinstance(value, dict):
                found |= paths(value, f"{before}{name}.")
            elif isinstance(value, int | float):
                found.add(before + name)
        return found

    known = paths(json.loads((run / "metrics.json").read_text()))
    untold = known - {meaning.path for meaning in MEANINGS}
    assert untold <= {"seed", "threads", "baselines.pca_train_mse"}
