"""The JSON Schema in the repository is what the records make, and it holds."""

import json
from typing import Any

import jsonschema
import pytest
import yaml

from kocsem.instrument.bundled import bundled
from kocsem.instrument.schema import (
    derived_schema,
    instrument_schema,
    write_instrument_schemas,
)


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(instrument_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.fixture
def core() -> Any:
    return yaml.safe_load(bundled("koc_core").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "text"),
    [("instrument", instrument_schema()), ("derived", derived_schema())],
)
def test_the_file_is_what_the_records_make(name: str, text: str) -> None:
    assert bundled(f"{name}.schema.json").read_text(encoding="utf-8") == text


def test_writing_them(tmp_path: Any) -> None:
    instrument, derived = write_instrument_schemas(tmp_path)
    assert instrument.read_bytes().decode() == instrument_schema()
    assert derived.read_bytes().decode() == derived_schema()


@pytest.mark.parametrize(
    ("instrument", "schema"),
    [
        ("koc_core", "instrument"),
        ("koc_extended", "instrument"),
        ("koc_kol", "instrument"),
        ("koc_extended_short", "derived"),
        ("koc_kol_within", "derived"),
    ],
)
def test_bundled_instruments_name_their_schema_and_are_valid(
    instrument: str, schema: str
) -> None:
    text = bundled(instrument).read_text(encoding="utf-8")
    first = text.splitlines()[0]
    assert first == f"# yaml-language-server: $schema={schema}.schema.json"
    rules = json.loads(bundled(f"{schema}.schema.json").read_text(encoding="utf-8"))
    found = jsonschema.Draft202012Validator(rules).iter_errors(yaml.safe_load(text))
    assert list(found) == []


def test_short_forms_are_valid(validator: jsonschema.Draft202012Validator) -> None:
    short = {
        "id": "s",
        "version": "1",
        "title": "S",
        "scale": 5,
        "constructs": [{"id": "TR", "name": "Trust", "items": ["TR1"]}],
    }
    assert list(validator.iter_errors(short)) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", None),
        ("scale", 1),
        ("scale", {"points": 5, "anchor": []}),
        ("items", [{"id": "A1", "construct": "A", "revers": True}]),
        ("constructs", [{"id": "1A", "name": "A"}]),
        ("quality", {"duplicates": "delete"}),
        ("unknown", 1),
    ],
)
def test_wrong_values_are_invalid(
    validator: jsonschema.Draft202012Validator, core: Any, key: str, value: Any
) -> None:
    assert list(validator.iter_errors({**core, key: value}))


def test_an_editor_shows_what_a_key_means() -> None:
    schema = json.loads(instrument_schema())
    reverse = schema["$defs"]["Item"]["properties"]["reverse"]
    assert reverse["description"].startswith("Worded against the construct")
    assert schema["$defs"]["Text"]["anyOf"][1]["properties"]["zh"]["description"]
