"""What the user decides, as frozen values: the experiment and its parts.

One file per part, under the name that it has in the experiment file. Imports
pydantic and the standard library only.
"""

from aegui.spec.architecture import Architecture, Output
from aegui.spec.code import Code
from aegui.spec.data import Data, Scaling, labels_of, normal_changes
from aegui.spec.edits import (
    changed_paths,
    foreign_paths,
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
from aegui.spec.layers import (
    Activation,
    BatchNorm,
    Conv,
    ConvTransposed,
    Dense,
    Dropout,
    Layer,
    LayerNorm,
    Pool,
    Reshape,
    Upsample,
)
from aegui.spec.noise import Block, Blur, Gaussian, Masking, Noise, NoNoise, Poisson, SaltPepper, Speckle
from aegui.spec.optimizer import SGD, Adam, AdamW, Optimizer, RMSprop
from aegui.spec.penalty import KL, L1, L2, CodePenalty, NoPenalty, Penalty
from aegui.spec.schedule import Constant, Cosine, OneCycle, Schedule, Step
from aegui.spec.source import ArraySource, IdxSource, ImagesSource, Source, TableSource
from aegui.spec.training import Device, Loss, Training
from aegui.spec.value import Param, Value, describe, join_path, param, split_path, variants

__all__ = [
    "FORMAT",
    "KL",
    "L1",
    "L2",
    "SGD",
    "Activation",
    "Adam",
    "AdamW",
    "Architecture",
    "ArraySource",
    "BatchNorm",
    "Block",
    "Blur",
    "Code",
    "CodePenalty",
    "Constant",
    "Conv",
    "ConvTransposed",
    "Cosine",
    "Data",
    "Dense",
    "Device",
    "Dropout",
    "Experiment",
    "Gaussian",
    "IdxSource",
    "ImagesSource",
    "Layer",
    "LayerNorm",
    "Loss",
    "Masking",
    "NoNoise",
    "NoPenalty",
    "Noise",
    "OneCycle",
    "Optimizer",
    "Output",
    "Param",
    "Penalty",
    "Poisson",
    "Pool",
    "RMSprop",
    "Reshape",
    "SaltPepper",
    "Scaling",
    "Schedule",
    "Source",
    "Speckle",
    "Step",
    "TableSource",
    "Training",
    "Upsample",
    "Value",
    "changed_paths",
    "describe",
    "dumps",
    "foreign_paths",
    "get",
    "is_live",
    "join_path",
    "label_of",
    "labels_of",
    "load",
    "loads",
    "normal_changes",
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
