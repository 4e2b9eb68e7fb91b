"""The standard as artefacts: what every schema has to be like."""

import json
import re

import jsonschema_rs
import pytest
from tests.helpers.support import SCHEMAS

from eh_interop.standard.schemas import BASE, load_standard

FILES = sorted(SCHEMAS.glob("1.0/**/*.schema.json"))
STANDARD = load_standard()


def nodes(schema, path=""):
    """Yield every schema inside a schema, with a path for messages."""
    yield schema, path
    for keyword in ("properties", "$defs"):
        for name, each in schema.get(keyword, {}).items():
            yield from nodes(each, f"{path}/{keyword}/{name}")
    for keyword in ("items", "additionalProperties", "propertyNames"):
        if isinstance(schema.get(keyword), dict):
            yield from nodes(schema[keyword], f"{path}/{keyword}")
    for number, each in enumerate(schema.get("anyOf", ())):
        yield from nodes(each, f"{path}/anyOf/{number}")


def properties():
    for file in FILES:
        for schema, path in nodes(json.loads(file.read_text("utf-8"))):
            for name, each in schema.get("properties", {}).items():
                if "records/" in str(file) or "types/" in str(file):
                    yield f"{file.stem}{path}/{name}", name, each


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_is_a_valid_schema_with_an_id_that_agrees_with_its_place(file):
    schema = json.loads(file.read_text("utf-8"))
    jsonschema_rs.meta.validate(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == BASE + file.relative_to(SCHEMAS).as_posix()
    assert schema["title"]
    assert schema["description"].endswith(".")


def test_every_property_is_named_and_explained():
    for where, name, schema in properties():
        assert re.fullmatch(r"[a-z][a-zA-Z0-9]*", name), where
        assert schema["title"][0].isupper(), where
        assert schema["description"].endswith((".", "?")), where
        assert "null" not in str(schema.get("type")), where


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_objects_are_closed_and_lists_are_never_empty(file):
    if file.parent.name not in {"records", "types"}:
        pytest.skip("not about records")
    for schema, path in nodes(json.loads(file.read_text("utf-8"))):
        if schema.get("type") == "object":
            assert "additionalProperties" in schema, path
            assert schema.get("minProperties") or schema.get("required"), path
        if schema.get("type") == "array":
            assert schema["minItems"] == 1, path
            assert schema["items"].get("type") != "array", path
        assert "oneOf" not in schema, path


@pytest.mark.parametrize("record_type", STANDARD.record_types)
def test_every_property_of_a_record_is_in_one_section_of_the_form(record_type):
    held = [name for section in STANDARD.sections(record_type) for name in section.holds]
    assert len(held) == len(set(held))
    assert set(held) == set(STANDARD.record_schema(record_type)["properties"])


def test_references_name_lists_that_exist():
    every = {
        listed
        for record_type in STANDARD.record_types
        for listed in STANDARD.record_schema(record_type)["properties"]
    }
    for where, _, schema in properties():
        for each in (schema, schema.get("items", {})):
            assert set(each.get("x-refersTo", ())) <= every, where


def test_every_record_type_is_in_its_code_list():
    assert {row.code for row in STANDARD.codes("record-type")} == set(STANDARD.record_types)


def test_free_text_and_names_are_marked_as_personal():
    for key, schema in STANDARD.schemas.items():
        for name, each in schema.get("properties", {}).items():
            if each.get("$ref", "").endswith("/text") or name in {"given", "family", "postcode"}:
                assert each.get("x-personal") is True, (key, name)


def test_absent_can_name_only_fields_of_its_own_object():
    child = STANDARD.schemas[f"{BASE}1.0/types/child.schema.json"]
    allowed = child["properties"]["absent"]["propertyNames"]["enum"]
    assert "dateOfBirth" in allowed
    assert "id" not in allowed
    assert "absent" not in allowed


@pytest.mark.parametrize(
    ("postcode", "right"),
    [
        ("SW1A 2AA", True),
        ("M1 1AE", True),
        ("N1P 1AA", True),  # an outcode that the official pattern of 2010 misses
        ("GIR 0AA", True),
        ("ZZ99 3CZ", True),  # an NHS pseudo-postcode
        ("QV1 1AA", False),
        ("SW1A 2CI", False),
        ("sw1a 2aa", False),
        ("SW1A2AA", False),
        ("SW1A 2AA\n", False),
    ],
)
def test_postcodes(postcode, right):
    common = STANDARD.schemas[f"{BASE}1.0/types/common.schema.json"]
    assert jsonschema_rs.is_valid(common["$defs"]["postcode"], postcode) is right
