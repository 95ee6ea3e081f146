"""The words of the experiment file as they are written on screen."""

from __future__ import annotations

_TITLES = {
    "relu": "ReLU",
    "leaky-relu": "Leaky ReLU",
    "elu": "ELU",
    "gelu": "GELU",
    "silu": "SiLU",
    "mse": "MSE",
    "bce": "BCE",
    "l1": "L1",
    "l2": "L2",
    "kl": "KL",
    "mae": "MAE",
    "sgd": "SGD",
    "adamw": "AdamW",
    "rmsprop": "RMSprop",
    "cpu": "CPU",
    "cuda": "CUDA",
    "mps": "MPS",
    "minmax": "Min–max",
    "salt-pepper": "Salt and pepper",
}


def title_of(word: str) -> str:
    """``leaky-relu`` as "Leaky ReLU"; words without an own spelling get a capital letter."""
    return _TITLES.get(word) or word[:1].upper() + word[1:].replace("-", " ")
