"""The terms of an experiment's objective as a function of PyTorch."""

from __future__ import annotations

import re

from aegui.plan import Plan
from aegui.runs.script.model import draws
from aegui.runs.script.text import block
from aegui.spec import KL, L1, L2, Experiment, Training

_WEIGHTS = block('''
    def matrices(model):
        """Every weight matrix and kernel, no biases and no norms."""
        kinds = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)
        return [layer.weight for layer in model.modules() if isinstance(layer, kinds)]
''')
_SPARSITY = block('''
    def bernoulli_divergence(rho, share):
        """Σ KL(ρ ‖ ρ̂) of mean activations; the value is clamped away from 0 and 1, its gradient is not."""
        share = share + (share.clamp(1e-6, 1 - 1e-6) - share).detach()
        on = rho * torch.log(rho / share)
        off = (1 - rho) * torch.log((1 - rho) / (1 - share))
        return (on + off).sum()
''')
_DIVERGENCE = block('''
    def normal_divergence(mean, log_var):
        """KL(N(μ, σ²) ‖ N(0, 1)): sum over units, mean over the batch."""
        return -0.5 * (1 + log_var - mean.square() - log_var.exp()).sum(dim=1).mean()
''')
_JACOBIAN = block('''
    def jacobian_norm(model, x):
        """Mean over the batch of ‖∂h/∂x‖²_F, one backward pass per code unit."""
        x = x.detach().requires_grad_()
        h = model.encode(x)  # (B, d)
        ones = torch.eye(h.shape[1], device=x.device).unsqueeze(1).expand(-1, len(x), -1)
        (rows,) = torch.autograd.grad(h, x, ones, is_grads_batched=True, create_graph=True)  # (d, B, k)
        return rows.square().sum(dim=(0, 2)).mean()
''')
_SIGMOID_JACOBIAN = block('''
    def jacobian_norm(model, x):
        """Mean over the batch of ‖∂h/∂x‖²_F; of one sigmoid layer Σ_j (h_j (1−h_j))² Σ_i W_ji²."""
        h = model.encode(x)
        slope = (h * (1 - h)).square()  # (B, d)
        return (slope @ model.code.weight.square().sum(dim=1)).mean()
''')


def objective_source(experiment: Experiment, plan: Plan) -> str:
    """``terms(model, seen, clean)``, whose sum is lowered, and what it needs."""
    penalty, needed = experiment.penalty, []
    lines = [f'"{experiment.training.loss}": {_reconstruction(experiment.training)},']
    match penalty.code:
        case L1(weight=weight):
            lines.append(f'"code_l1": {weight!r} * h.abs().sum(dim=1).mean(),')
        case L2(weight=weight):
            lines.append(f'"code_l2": {weight!r} * h.square().sum(dim=1).mean(),')
        case KL(weight=weight, rho=rho):
            needed.append(_SPARSITY)
            lines.append(f'"code_kl": {weight!r} * bernoulli_divergence({rho!r}, h.mean(dim=0)),')
    if plan.variational and experiment.code.beta:
        needed.append(_DIVERGENCE)
        factor = f"{experiment.code.beta!r} / {plan.facts.features}"
        lines.append(f'"variational_kl": {factor} * normal_divergence(mean, log_var),')
    if penalty.weights_l1 or penalty.weights_l2:
        needed.append(_WEIGHTS)
    for name, weight, norm in (("l1", penalty.weights_l1, "abs"), ("l2", penalty.weights_l2, "square")):
        if weight > 0:
            total = f"torch.stack([w.{norm}().sum() for w in matrices(model)]).sum()"
            lines.append(f'"weights_{name}": {weight!r} * {total},')
    if penalty.jacobian > 0:
        closed = not plan.encoder and plan.code.activation == "sigmoid"
        needed.append(_SIGMOID_JACOBIAN if closed else _JACOBIAN)
        lines.append(f'"jacobian": {penalty.jacobian!r} * jacobian_norm(model, seen),')
    return "\n\n\n".join([*needed, _terms(plan, lines, mixed=experiment.training.precision == "mixed")])


def _terms(plan: Plan, lines: list[str], *, mixed: bool) -> str:
    more = ", generator" if draws(plan) else ""
    names = ["h", "logits", *(["mean", "log_var"] if plan.variational else [])]
    used = set(re.findall(r"[a-z_]+", " ".join(lines)))
    gives = ", ".join(name if name in used else f"_{name}" for name in names)
    body = "\n".join(f"        {line}" for line in lines)
    doc = "Every term of the objective for the network's input and the clean target, (B, k) each."
    passed = f"    {gives} = model(seen{more})\n"
    if mixed:
        single = f"    {gives} = (part.float() for part in ({gives}))\n"
        passed = f"    with torch.autocast(DEVICE, torch.bfloat16):\n    {passed}{single}"
    head = f'def terms(model, seen, clean{more}):\n    """{doc}"""\n'
    return f"{head}{passed}    return {{\n{body}\n    }}"


def _reconstruction(training: Training) -> str:
    found = "model.reconstruction(logits)"
    match training.loss:
        case "bce":
            return "F.binary_cross_entropy_with_logits(logits, clean)"
        case "mae":
            return f"F.l1_loss({found}, clean)"
        case "huber":
            return f"F.huber_loss({found}, clean, delta={training.delta!r})"
    return f"F.mse_loss({found}, clean)"
