"""What becomes of a sample that was drawn by hand."""

from __future__ import annotations

import torch

from aegui.analysis.drawing import Drawn, DrawnSeen
from aegui.training.bench import Bench


def drawn(bench: Bench, look: Drawn) -> DrawnSeen | None:
    """The sample through the network, without any noise; None if it is of other data than the network."""
    values = look.values
    if len(values) != bench.test.features:
        return None
    x = torch.from_numpy(values.copy()).to(bench.test.device)[None]
    code = bench.model.encode(x)
    made = bench.model.decode(code)
    error = float((made - x).square().mean())
    return DrawnSeen(code[0].cpu().numpy(), made[0].cpu().numpy(), error)
