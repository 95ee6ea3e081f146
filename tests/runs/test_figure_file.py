"""A figure's file says which run it shows, in every format."""

from __future__ import annotations

import dataclasses
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

import aegui
from aegui.data.dataset import Dataset
from aegui.runs.figure_file import FORMATS, Facts, Format, facts, figure_bytes
from aegui.spec import Experiment, loads
from aegui.training.snapshot import Baselines, Curves, Snapshot

DUBLIN = "{http://purl.org/dc/elements/1.1/}"


@pytest.fixture
def snapshot(tiny: Callable[..., Experiment]) -> Snapshot:
    experiment = tiny({"title": "Été <&> σ \x01", "code.size": 3, "noise.kind": "gaussian"})
    curves = Curves(("mse",), *(np.zeros((0, 1), np.float32) for _ in range(5)))
    errors = np.array([0.01, 0.03], np.float32)
    return Snapshot(experiment, 8, 2, 4, curves, None, None, Baselines(pca_mse=0.5), errors)


@pytest.fixture
def known(snapshot: Snapshot, tiny_digits: Dataset) -> Facts:
    return facts("loss", snapshot, tiny_digits, {"test": {"mse": 0.02, "bce": None}, "parameters": 7})


def drawing() -> Figure:
    figure = Figure(figsize=(2, 1))
    axes = figure.subplots()
    axes.plot([0, 1], [1, 0])
    return figure


def test_that_an_error_of_an_older_step_says_so(snapshot: Snapshot, tiny_digits: Dataset) -> None:
    older = facts("loss", dataclasses.replace(snapshot, errors_step=4), tiny_digits).description
    assert "; test MSE 0.02 at step 4; " in older


def test_that_the_facts_are_a_sentence_and_every_setting(known: Facts) -> None:
    assert known.title == "Été <&> σ \x01: loss"
    assert known.description == (
        "Denoising autoencoder with a code of 3 on Digits 8×8 (100 training and 30 test samples); after"
        " 8 steps, epoch 2 of 3; test MSE 0.02; PCA at the same code size 0.5; seed 0; made with aegui"
        f" {aegui.__version__}."
    )
    assert {"code.size = 3", "noise.kind = gaussian", "test.mse = 0.02", "parameters = 7"} <= set(
        known.keywords
    )
    assert not any(keyword.startswith("test.bce") for keyword in known.keywords)


def test_that_a_png_holds_the_experiment_and_300_dots_per_inch(known: Facts) -> None:
    with Image.open(io.BytesIO(figure_bytes(drawing(), "png", known))) as picture:
        assert picture.size == (600, 300)
        text = picture.text
    assert text["Title"] == "Été <&> σ : loss" and text["Software"] == f"aegui {aegui.__version__}"
    assert text["Description"] == known.description and "code.size = 3" in text["Keywords"]
    assert loads(text["Experiment"]).code.size == 3


def test_that_an_svg_holds_the_experiment(known: Facts) -> None:
    root = ET.fromstring(figure_bytes(drawing(), "svg", known))
    found = {name: root.find(f".//{DUBLIN}{name}") for name in ("title", "description", "source", "creator")}
    assert found["title"] is not None and found["title"].text == "Été <&> σ : loss"
    assert found["description"] is not None and found["description"].text == known.description
    assert found["source"] is not None and loads(found["source"].text or "").noise.kind == "gaussian"
    assert "code.size = 3" in {entry.text for entry in root.iter() if entry.tag.endswith("li")}


def test_that_a_pdf_holds_the_facts_and_its_letters(known: Facts) -> None:
    data = figure_bytes(drawing(), "pdf", known)
    strings = {name: _pdf_string(data, name) for name in ("Title", "Subject", "Keywords", "Creator")}
    assert strings["Title"] == "Été <&> σ : loss" and strings["Subject"] == known.description
    assert "code.size = 3" in strings["Keywords"] and strings["Creator"] == f"aegui {aegui.__version__}"
    assert b"/TrueType" in data or b"/CIDFontType2" in data
    assert b"/Type3" not in data


@pytest.mark.parametrize("kind", FORMATS)
def test_that_the_same_run_gives_the_same_bytes(known: Facts, kind: Format) -> None:
    assert figure_bytes(drawing(), kind, known) == figure_bytes(drawing(), kind, known)


def _pdf_string(data: bytes, name: str) -> str:
    """A string of the information dictionary, which matplotlib writes in ASCII or in UTF-16."""
    found = re.search(rb"/%s \(((?:[^()\\]|\\.)*)\)" % name.encode(), data, re.DOTALL)
    assert found is not None, name
    raw = re.sub(rb"\\([0-7]{3})", lambda m: bytes([int(m[1], 8)]), found[1])
    raw = re.sub(rb"\\(.)", lambda m: {b"n": b"\n", b"r": b"\r", b"t": b"\t"}.get(m[1], m[1]), raw)
    return raw.decode("utf-16") if raw.startswith(b"\xfe\xff") else raw.decode("ascii")
