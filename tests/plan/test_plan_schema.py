"""The published schema of plan documents."""

from pathlib import Path

from wegmarke.plan import schema
from wegmarke.record.contracts import Operator

PUBLISHED = Path(__file__).parents[2] / "docs" / "reference" / "plan.schema.json"


def test_the_published_schema_is_the_one_the_code_makes():
    assert PUBLISHED.read_text(encoding="utf-8") == schema.as_text()


def test_every_reference_of_the_schema_leads_somewhere():
    made = schema.schema()
    text = schema.as_text()
    for name in made["$defs"]:
        assert f'"#/$defs/{name}"' in text
    assert text.count('"$ref"') == sum(text.count(f'"#/$defs/{name}"') for name in made["$defs"])


def test_the_schema_knows_every_operator():
    properties = schema.schema()["$defs"]["condition"]["properties"]
    assert set(properties) == {"property", *(operator.value for operator in Operator)}


def test_the_schema_refuses_unknown_keys_everywhere():
    def objects(node):
        if isinstance(node, dict):
            if node.get("type") == "object":
                yield node
            for inner in node.values():
                yield from objects(inner)
        elif isinstance(node, list):
            for inner in node:
                yield from objects(inner)

    found = list(objects(schema.schema()))
    assert len(found) >= 8
    assert all(one["additionalProperties"] is False for one in found)
