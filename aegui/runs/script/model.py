"""The network of a plan as a class of PyTorch, a line for each layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aegui.plan import Plan, PlannedLayer
from aegui.plan.layer import Shape
from aegui.runs.script.text import block, function

_ACTIVATIONS = {
    "relu": "F.relu",
    "leaky-relu": "F.leaky_relu",
    "elu": "F.elu",
    "gelu": "F.gelu",
    "silu": "F.silu",
    "sigmoid": "torch.sigmoid",
    "tanh": "torch.tanh",
}
_TRANSPOSED = block('''
    class Transposed(nn.Module):
        """Wᵀ·x + b, where W are the weights of another layer."""

        def __init__(self, layer):
            super().__init__()
            self.of = (layer,)  # in a tuple, or its weights would count twice
            self.bias = nn.Parameter(torch.empty(layer.in_features))

        def forward(self, x):
            return F.linear(x, self.of[0].weight.t(), self.bias)
''')
_SINGLE = block('''
    class BatchNorm(nn.BatchNorm1d):
        """As torch has it, but of one number alone, which has no variance, it takes the running moments."""

        def forward(self, x):
            training = self.training and x.numel() > x.shape[1]
            moments = self.running_mean, self.running_var
            return F.batch_norm(x, *moments, self.weight, self.bias, training, self.momentum, self.eps)
''')
_DROPOUT = block('''
    def dropout(x, p, generator):
        """Zeros for a share p of the units, the others divided by 1 − p; nothing without a generator."""
        if generator is None:
            return x
        drawn = torch.rand(x.shape, generator=generator, device=x.device)
        return x * (drawn >= p) / (1 - p)
''')


def model_source(plan: Plan, *, single: bool) -> str:
    """The class of the network and what it needs; ``single``: a batch of training may hold one sample."""
    names = _names(plan)
    layers = plan.layers
    parts = []
    if any(layer.tied is not None for layer in layers):
        parts.append(_TRANSPOSED)
    if single and any(layer.kind == "batch-norm" for layer in layers):
        parts.append(_SINGLE)
    if drops(plan):
        parts.append(_DROPOUT)
    return "\n\n\n".join([*parts, _class(plan, names, single)])


def draws(plan: Plan) -> bool:
    """Whether a pass in training draws something: the code, or units that are dropped."""
    return plan.variational or drops(plan)


def drops(plan: Plan) -> bool:
    """Whether units are dropped in training."""
    return any(layer.kind == "dropout" for layer in plan.layers)


def activated(activation: str, expression: str) -> str:
    """σ(...) in PyTorch."""
    return f"{_ACTIVATIONS[activation]}({expression})" if activation in _ACTIVATIONS else expression


def state_name(name: str) -> str:
    """What a weight is called in the script: ``encoder1.weight`` for ``encoder.0.weight``."""
    *place, last = name.split(".")
    norms = {"scale": "weight", "shift": "bias"}
    where = place[0] if len(place) == 1 else f"{place[0]}{int(place[1]) + 1}"
    return f"{where}.{norms.get(last, last)}"


def _names(plan: Plan) -> dict[int, str]:
    """What the layers are called, by their place among all of them."""
    encoder = [f"encoder{i + 1}" for i in range(len(plan.encoder))]
    decoder = [f"decoder{i + 1}" for i in range(len(plan.decoder))]
    return dict(enumerate([*encoder, "code", *decoder, "output"]))


def _class(plan: Plan, names: dict[int, str], single: bool) -> str:
    shapes = " → ".join("×".join(map(str, shape)) for shape in _widths(plan))
    head = f'class Autoencoder(nn.Module):\n    """{shapes}"""'
    methods = [_init(plan, names, single), _hidden(plan, names), _encode(plan), _logits(plan, names)]
    output = activated(plan.output.activation, "logits")
    methods.append(
        function("reconstruction(self, logits)", "The reconstruction x̂ (B, k)", [f"return {output}"], 1)
    )
    methods.append(_forward(plan))
    return "\n\n".join([head, *methods])


def _widths(plan: Plan) -> list[Shape]:
    return [plan.facts.grid, *(layer.output_shape for layer in plan.layers)]


def _init(plan: Plan, names: dict[int, str], single: bool) -> str:
    lines = ["super().__init__()"]
    for i, layer in enumerate(plan.layers):
        made = _module(layer, names, single)
        if made:
            lines.append(f"self.{names[i]} = {made}")
        if layer.role == "code" and plan.variational:
            lines.append(f"self.log_var = {made}")
    body = "\n".join(f"        {line}" for line in lines)
    return f"    def __init__(self):\n{body}"


def _module(layer: PlannedLayer, names: dict[int, str], single: bool) -> str:
    """How a layer with weights is made; empty for one without."""
    if layer.tied is not None:
        return f"Transposed(self.{names[layer.tied]})"
    given, gives = layer.input_shape[0], layer.output_shape[0]
    kernel = f"{layer.kernel}, {layer.stride}, {layer.padding}"
    match layer.kind:
        case "dense":
            return f"nn.Linear({layer.inputs}, {layer.units})"
        case "conv":
            return f"nn.Conv2d({given}, {gives}, {kernel})"
        case "conv-transposed":
            return f"nn.ConvTranspose2d({given}, {gives}, {kernel}, {layer.output_padding})"
        case "batch-norm":
            kind = "BatchNorm" if single else f"nn.BatchNorm{2 if layer.is_picture else 1}d"
            return f"{kind}({gives})"
        case "layer-norm":
            return f"nn.LayerNorm({list(layer.output_shape)})"
    return ""


def _hidden(plan: Plan, names: dict[int, str]) -> str:
    grid, first = plan.facts.grid, plan.encoder[0].kind if plan.encoder else "dense"
    as_picture = first != "dense" and len(grid) == 3
    lines = [f"x = x.view(-1, {', '.join(map(str, grid))})"] if as_picture else []
    lines += _steps(plan.encoder, [names[i] for i in range(len(plan.encoder))], "x", flat=not as_picture)
    doc = f"The last hidden layer before the code, of inputs (B, {plan.facts.features})"
    return function(f"hidden(self, x{_generator(plan)})", doc, [*lines, "return x"], 1)


def _encode(plan: Plan) -> str:
    doc = f"The code (B, {plan.code.units})" + (", its mean" if plan.variational else "")
    return function("encode(self, x)", doc, [f"return {_head(plan, 'code', 'self.hidden(x)')}"], 1)


def _head(plan: Plan, name: str, hidden: str) -> str:
    """The code from the last hidden layer."""
    flat = len(plan.code.input_shape) == 1 or not plan.encoder
    return activated(plan.code.activation, f"self.{name}({hidden if flat else f'{hidden}.flatten(1)'})")


def _logits(plan: Plan, names: dict[int, str]) -> str:
    first = len(plan.encoder) + 1
    lines = [*_steps(plan.decoder, [names[first + i] for i in range(len(plan.decoder))], "h", flat=True)]
    flat = len(plan.output.input_shape) == 1
    before = _applied(plan.output, "output", "h", flat)
    flattened = "" if plan.output.kind == "dense" else ".flatten(1)"
    doc = f"The output (B, {plan.facts.features}) before its activation"
    return function(f"logits(self, h{_generator(plan)})", doc, [*lines, f"return {before}{flattened}"], 1)


def _forward(plan: Plan) -> str:
    generator = ", generator" if drops(plan) else ""
    hidden = f"hidden = self.hidden(x{generator})"
    if not plan.variational:
        lines = [hidden, f"h = {_head(plan, 'code', 'hidden')}", f"return h, self.logits(h{generator})"]
        return function(f"forward(self, x{_generator(plan)})", "Code and output", lines, 1)
    lines = [
        hidden,
        f"h = mean = {_head(plan, 'code', 'hidden')}",
        f"log_var = {_head(plan, 'log_var', 'hidden')}",
        "if generator is not None:",
        "    h = mean + torch.exp(log_var / 2) * torch.empty_like(mean).normal_(generator=generator)",
        f"return h, self.logits(h{generator}), mean, log_var",
    ]
    doc = "Code, output, mean and log-variance; a generator draws the code, without one it is the mean"
    return function("forward(self, x, generator=None)", doc, lines, 1)


def _generator(plan: Plan) -> str:
    return ", generator=None" if drops(plan) else ""


def _steps(layers: Sequence[PlannedLayer], names: list[str], x: str, *, flat: bool) -> Iterator[str]:
    """One statement for each layer; ``flat``: whether what comes in are rows."""
    for layer, name in zip(layers, names, strict=True):
        shape = ", ".join(map(str, layer.output_shape))
        applied = _applied(layer, name, x, flat)
        if layer.kind == "dense" and layer.is_picture:
            applied += f".view(-1, {shape})"
        yield f"{x} = {activated(layer.activation, applied)}  # (B, {shape})"
        flat = not layer.is_picture


def _applied(layer: PlannedLayer, name: str, x: str, flat: bool) -> str:
    """A layer before its activation."""
    shape = ", ".join(map(str, layer.output_shape))
    match layer.kind:
        case "dense":
            return f"self.{name}({x if flat else f'{x}.flatten(1)'})"
        case "pool":
            return f"F.{'max' if layer.how == 'max' else 'avg'}_pool2d({x}, {layer.kernel}, {layer.stride})"
        case "upsample":
            return f'F.interpolate({x}, size={layer.output_shape[1:]}, mode="{layer.how}")'
        case "reshape":
            return f"{x}.reshape(-1, {shape})"
        case "dropout":
            return f"dropout({x}, {layer.p!r}, generator)"
    return f"self.{name}({x})"
