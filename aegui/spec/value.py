"""The base of every value that the user decides, and how its parts are declared.

A part is declared once, with its default, limits, sentence, symbol and formula;
the file reader, the command line, the forms and their tooltips follow from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, get_args, get_origin

import annotated_types
from pydantic import BaseModel, ConfigDict, Field

LARGEST = 2**63 - 1  # of whole numbers: TOML has 64 bits for them

_DIGITS = 9  # of the number of an entry of a list; Python refuses those of thousands


class Value(BaseModel):
    """A frozen value: compared by content, never changed, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


@dataclass(frozen=True)
class Param:
    """What is known about one part of a value: everything that a control has to show."""

    name: str
    label: str
    doc: str
    default: Any
    symbol: str = ""
    formula: str = ""
    live: bool = False
    log: bool = False
    low: float | None = None
    high: float | None = None
    above_low: bool = False  # whether ``low`` itself is too small
    below_high: bool = False  # whether ``high`` itself is too large
    usual: tuple[float, float] | None = None

    @property
    def tooltip(self) -> str:
        """Symbol, formula, sentence and limits, as plain text in lines."""
        head = f"{self.label}  {self.symbol}" if self.symbol else self.label
        limits = _limits_sentence(self)
        lines = [head, self.formula, self.doc[:1].upper() + self.doc[1:] + ".", limits]
        if self.live:
            lines.append("Can be changed while training.")
        return "\n".join(line for line in lines if line)


def param(
    default: Any,
    doc: str,
    *,
    label: str,
    symbol: str = "",
    formula: str = "",
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
    max_length: int | None = None,
    live: bool = False,
    log: bool = False,
    usual: tuple[float, float] | None = None,
) -> Any:
    """Declares one part of a :class:`Value`.

    ``live``: may be changed during a run. ``log``: steps multiply rather than add.
    ``usual``: the span that a slider covers, where the limits are wider than that.
    """
    extra: dict[str, Any] = {"label": label, "symbol": symbol, "formula": formula, "live": live, "log": log}
    if usual is not None:
        extra["usual"] = list(usual)
    return Field(
        default, description=doc, ge=ge, gt=gt, le=le, lt=lt, max_length=max_length, json_schema_extra=extra
    )


def describe(value: type[Value] | Value, name: str) -> Param:
    """What is known about the part ``name`` of a value or of its class."""
    cls = value if isinstance(value, type) else type(value)
    field = cls.model_fields[name]
    extra: dict[str, Any] = dict(field.json_schema_extra or {})  # type: ignore[arg-type]
    usual = extra.get("usual")
    low: Any = None
    high: Any = None
    above = below = False
    for limit in field.metadata:
        match limit:
            case annotated_types.Ge(ge=bound):
                low = bound
            case annotated_types.Gt(gt=bound):
                low, above = bound, True
            case annotated_types.Le(le=bound):
                high = bound
            case annotated_types.Lt(lt=bound):
                high, below = bound, True
    return Param(
        name=name,
        label=extra.get("label", name.replace("_", " ")),
        doc=field.description or "",
        default=field.get_default(call_default_factory=True),
        symbol=extra.get("symbol", ""),
        formula=extra.get("formula", ""),
        live=extra.get("live", False),
        log=extra.get("log", False),
        low=low,
        high=high,
        above_low=above,
        below_high=below,
        usual=(usual[0], usual[1]) if usual else None,
    )


def variants(annotation: Any) -> dict[str, type[Value]]:
    """The classes of a union tagged ``kind``, by tag; empty for anything else."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    classes = [c for c in get_args(annotation) if isinstance(c, type) and issubclass(c, Value)]
    if isinstance(annotation, type) and issubclass(annotation, Value):
        classes = [annotation]
    return {c.model_fields["kind"].default: c for c in classes if "kind" in c.model_fields}


@lru_cache(maxsize=1024)
def split_path(path: str) -> tuple[str | int, ...]:
    """``architecture.encoder[0].units`` as its parts; ``encoder.0.units`` means the same."""
    parts = [p for p in re.split(r"[.\[\]]+", path.strip()) if p]
    return tuple(int(p) if p.isascii() and p.isdigit() and len(p) <= _DIGITS else p for p in parts)


def join_path(parts: tuple[str | int, ...]) -> str:
    """The inverse of :func:`split_path`."""
    out = ""
    for part in parts:
        out += f"[{part}]" if isinstance(part, int) else (f".{part}" if out else part)
    return out


def _limits_sentence(param: Param) -> str:
    least = "" if param.low is None else f"{'above' if param.above_low else 'at least'} {param.low:.16g}"
    most = "" if param.high is None else f"{'below' if param.below_high else 'at most'} {param.high:.16g}"
    sentence = ", ".join(part for part in (least, most) if part)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""
