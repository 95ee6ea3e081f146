"""What the user decides, as frozen values: the experiment and its parts.

One file per part, under the name that it has in the experiment file. Imports
pydantic and the standard library only.
"""

from aegui.spec.architecture import Activation, Architecture, Dense, Layer, Output
from aegui.spec.code import Code
from aegui.spec.data import Data, Scaling
from aegui.spec.edits import (
    changed_paths,
    get,
    is_live,
    label_of,
    older_paths,
    plain,
    replace,
    replace_all,
)
from aegui.spec.experiment import FORMAT, Experiment
from aegui.spec.files import dumps, load, loads, parse_setting, save
from aegui.spec.noise import Gaussian, Masking, Noise, NoNoise, SaltPepper
from aegui.spec.penalty import KL, L1, L2, CodePenalty, NoPenalty, Penalty
from aegui.spec.training import SGD, Adam, Device, Loss, Optimizer, Training
from aegui.spec.value import Param, Value, describe, join_path, param, split_path, variants

__all__ = [
    "FORMAT",
    "KL",
    "L1",
    "L2",
    "SGD",
    "Activation",
    "Adam",
    "Architecture",
    "Code",
    "CodePenalty",
    "Data",
    "Dense",
    "Device",
    "Experiment",
    "Gaussian",
    "Layer",
    "Loss",
    "Masking",
    "NoNoise",
    "NoPenalty",
    "Noise",
    "Optimizer",
    "Output",
    "Param",
    "Penalty",
    "SaltPepper",
    "Scaling",
    "Training",
    "Value",
    "changed_paths",
    "describe",
    "dumps",
    "get",
    "is_live",
    "join_path",
    "label_of",
    "load",
    "loads",
    "older_paths",
    "param",
    "parse_setting",
    "plain",
    "replace",
    "replace_all",
    "save",
    "split_path",
    "variants",
]
