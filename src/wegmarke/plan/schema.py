"""The published JSON Schema of plan documents, made from the format itself, so that editors can help."""

from __future__ import annotations

import json
import sys
from typing import Any

from wegmarke.plan import layout
from wegmarke.plan.shapes import Choice, Day, Either, Many, Number, Record, Scalar, Shape, Truth, Words

_NAMED: dict[int, str] = {
    id(layout.TEXT): "text",
    id(layout.CONDITION): "condition",
    id(layout.WHEN): "when",
    id(layout.PHASE): "phase",
    id(layout.JOURNEY): "journey",
    id(layout.TOUCHPOINT): "touchpoint",
    id(layout.FUNNEL): "funnel",
    id(layout.GOAL): "goal",
    id(layout.PROMISE): "promise",
}
"""Shapes that stand in the schema once and are pointed at from wherever they are used."""
_DEFINED = (
    *(layout.TEXT, layout.CONDITION, layout.WHEN, layout.PHASE, layout.JOURNEY),
    *(layout.TOUCHPOINT, layout.FUNNEL, layout.GOAL, layout.PROMISE),
)
_PLAIN_TYPES: dict[type, Any] = {
    Words: "string",
    Number: "number",
    Truth: "boolean",
    Scalar: ["string", "number", "boolean"],
}


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a plan document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Wegmarke plan",
        **_written_out(layout.PLAN),
        "$defs": {_NAMED[id(shape)]: _written_out(shape) for shape in _DEFINED},
    }


def as_text() -> str:
    """Return the schema as it stands in `docs/reference/plan.schema.json`."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _schema_of(shape: Shape) -> dict[str, Any]:
    if id(shape) in _NAMED:
        return {"$ref": f"#/$defs/{_NAMED[id(shape)]}"}
    return _written_out(shape)


def _written_out(shape: Shape) -> dict[str, Any]:
    made = _bare(shape)
    return {"description": shape.about, **made} if shape.about else made


def _bare(shape: Shape) -> dict[str, Any]:
    if isinstance(shape, Many):
        least = {"minItems": shape.least} if shape.least else {}
        listed = {"type": "array", "items": _schema_of(shape.each), **least}
        return {"anyOf": [_schema_of(shape.each), listed]} if shape.or_one else listed
    if isinstance(shape, Record):
        return _record(shape)
    if isinstance(shape, Either):
        plain = [_schema_of(shape.plain)] if shape.plain else []
        return {"anyOf": [*plain, *(_schema_of(record) for record in shape.records)]}
    if isinstance(shape, Day):
        return {"type": "string", "format": "date"}
    if isinstance(shape, Choice):
        return {"enum": list(shape.words)}
    made: dict[str, Any] = {"type": _PLAIN_TYPES[type(shape)]}
    if isinstance(shape, Number):
        made |= {"exclusiveMinimum": shape.above} if shape.above is not None else {}
        made |= {"exclusiveMaximum": shape.below} if shape.below is not None else {}
        made |= {"minimum": shape.least} if shape.least is not None else {}
    return made


def _record(shape: Record) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "object",
        "properties": {key: _schema_of(inner) for key, inner in shape.fields.items()},
        "additionalProperties": False,
    }
    if shape.required:
        made["required"] = list(shape.required)
    if shape.exactly_one:
        made["oneOf"] = [{"required": [key]} for key in shape.exactly_one]
    if shape.at_most_one:
        made["not"] = {"required": list(shape.at_most_one)}
    return made


if __name__ == "__main__":  # python -m wegmarke.plan.schema > docs/reference/plan.schema.json
    sys.stdout.write(as_text())
