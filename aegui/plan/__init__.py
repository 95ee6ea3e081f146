"""What an experiment amounts to on given data: shapes, parameter counts, type, problems.

facts     what the plan has to know about the data
layer     PlannedLayer: one layer with its shapes
chain     shapes through a list of layers, and the reason where one is impossible
mirror    the decoder that undoes an encoder
checks    what speaks against a plan, and what speaks for another one
plan      resolve(experiment, facts) -> Plan
"""

from aegui.plan.facts import Facts, Layout
from aegui.plan.layer import PlannedLayer, Shape
from aegui.plan.mirror import explicit_decoder
from aegui.plan.plan import Plan, output_activation, resolve, type_name

__all__ = [
    "Facts",
    "Layout",
    "Plan",
    "PlannedLayer",
    "Shape",
    "explicit_decoder",
    "output_activation",
    "resolve",
    "type_name",
]
