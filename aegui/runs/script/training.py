"""The optimiser and the learning rate of an experiment as PyTorch."""

from __future__ import annotations

from aegui.runs.script.text import block
from aegui.spec import SGD, AdamW, Cosine, OneCycle, RMSprop, Step, Training

_HALF_COSINE = block('''
    def half_cosine(start, end, share):
        """From start to end along half a cosine."""
        return end + (start - end) * (1 + math.cos(math.pi * min(1.0, share))) / 2
''')


def optimizer_source(training: Training) -> str:
    """The expression that makes the optimiser."""
    match training.optimizer:
        case SGD(momentum=momentum, nesterov=nesterov):
            kind, more = "SGD", f"momentum={momentum!r}, nesterov={nesterov!r}, fused=True"
        case AdamW(decay=decay):
            kind, more = "AdamW", f"weight_decay={decay!r}, fused=True"
        case RMSprop(smoothing=smoothing):
            kind, more = "RMSprop", f"alpha={smoothing!r}, foreach=True"
        case _:
            kind, more = "Adam", "fused=True"
    return f"torch.optim.{kind}(model.parameters(), lr=RATE, {more})"


def rate_source(training: Training) -> str:
    """``rate(step)``, the learning rate of the update after so many updates; empty where it is constant."""
    match training.schedule:
        case Step(every=every, factor=factor):
            return _rate([f"return RATE * math.pow({factor!r}, step // STEPS_PER_EPOCH // {every})"])
        case Cosine(final=final):
            share = "step / (STEPS_PER_EPOCH * EPOCHS)"
            return "\n\n\n".join(
                [_HALF_COSINE, _rate([f"return RATE * half_cosine(1.0, {final!r}, {share})"])]
            )
        case OneCycle(warmup=warmup, start=start, final=final):
            lines = [
                "total = STEPS_PER_EPOCH * EPOCHS",
                f"peak, last = max(0.0, {warmup!r} * total - 1), total - 1",
                "if step < peak:",
                f"    return RATE * half_cosine({start!r}, 1.0, step / peak)",
                "share = (step - peak) / (last - peak) if last > peak else 0.0",
                f"return RATE * half_cosine(1.0, {final!r}, share)",
            ]
            return "\n\n\n".join([_HALF_COSINE, _rate(lines)])
    return ""


def _rate(lines: list[str]) -> str:
    body = "\n".join(f"    {line}" for line in lines)
    return f'def rate(step):\n    """The learning rate of the update after so many updates."""\n{body}'
