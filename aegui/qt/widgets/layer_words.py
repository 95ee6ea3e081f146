"""Layers as words: what a kind is called, and what a layer does, gives and costs."""

from __future__ import annotations

from aegui.plan import PlannedLayer
from aegui.plan.layer import shape_text
from aegui.qt.widgets.titles import title_of

_KINDS = {
    "conv": ("Convolution", "Conv"),
    "conv-transposed": ("Transposed convolution", "Transposed conv"),
    "pool": ("Pooling", "Pool"),
    "upsample": ("Upsampling", "Upsample"),
}


def kind_title(kind: str, short: bool = False) -> str:
    """ "Transposed convolution", or "Transposed conv" where there is little room."""
    return _KINDS[kind][short] if kind in _KINDS else title_of(kind)


def parameter_words(count: int) -> str:
    """ "no parameters", "1 parameter", "160 parameters"."""
    if not count:
        return "no parameters"
    return f"{count:,} parameter{'s' * (count != 1)}"


def shape_words(layer: PlannedLayer, heads: int = 1) -> str:
    """ "→ 16×14×14 · 160 parameters"."""
    return f"→ {shape_text(layer.output_shape)} · {parameter_words(heads * layer.parameters)}"


def setting_words(layer: PlannedLayer) -> str:
    """What it does to its input: "3×3, stride 2, ReLU". Empty where the kind says it all."""
    activation = title_of(layer.activation)
    match layer.kind:
        case "dense":
            return activation
        case "conv" | "conv-transposed":
            stride = f", stride {max(layer.stride)}" if max(layer.stride) > 1 else ""
            return f"{layer.kernel[0]}×{layer.kernel[1]}{stride}, {activation}"
        case "pool":
            return f"{layer.how} of {layer.kernel[0]}×{layer.kernel[1]}"
        case "upsample":
            return f"×{max(layer.stride)}, {layer.how}"
        case "dropout":
            return f"p = {layer.p:g}"
        case "batch-norm" | "layer-norm":
            return activation if layer.activation != "linear" else ""
    return ""
