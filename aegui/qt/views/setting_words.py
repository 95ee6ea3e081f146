"""The values of an experiment's settings in the words of the panels."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from aegui.data.catalog import catalog
from aegui.qt.widgets.layer_words import kind_title
from aegui.qt.widgets.titles import title_of
from aegui.spec import Source

_TITLES = {entry.name: entry.title for entry in catalog()}


def source_title(source: str | Source) -> str:
    """What a data set is called: its title in the catalog, or the name of its file."""
    return _TITLES.get(source, source) if isinstance(source, str) else PurePath(source.path).name


def setting_text(path: str, value: Any) -> str:
    """The plain value at a path of an experiment; a dash for None, where there is no such setting."""
    match value:
        case None:
            return "–"
        case bool():
            return "on" if value else "off"
        case str() if path == "data.source":
            return source_title(value)
        case str():
            return value if path.startswith("data.source.") else title_of(value)
        case []:
            return "none"
        case [{}, *_]:
            return ", ".join(layer_text(layer) for layer in value)
        case list():
            return ", ".join(str(item) for item in value)
        case float():
            return f"{value:g}"
    return str(value)


def layer_text(layer: Mapping[str, Any]) -> str:
    """A layer in a few words: "Dense 128 ReLU", "Conv 16, 3×3, stride 2, ReLU"."""
    name = kind_title(layer["kind"], short=True)
    match layer["kind"]:
        case "dense":
            return f"{name} {layer['units']} {title_of(layer['activation'])}"
        case "conv" | "conv-transposed":
            kernel, stride = layer["kernel"], layer["stride"]
            padding = ", no padding" if layer["padding"] == "none" else ""
            moves = f", stride {stride}" if stride > 1 else ""
            return f"{name} {layer['channels']}, {kernel}×{kernel}{moves}{padding}, " + title_of(
                layer["activation"]
            )
        case "pool":
            return f"{name} {layer['how']} {layer['size']}×{layer['size']}"
        case "upsample":
            return f"{name} ×{layer['factor']} {layer['how']}"
        case "reshape":
            return f"{name} {layer['channels']}×{layer['height']}×{layer['width']}"
        case "dropout":
            return f"{name} p = {layer['p']:g}"
    activation = layer.get("activation", "linear")
    return name if activation == "linear" else f"{name} {title_of(activation)}"
