"""The JSON Schema in the repository is what the records make, and it holds."""

import json
from typing import Any

import jsonschema
import pytest
import yaml

from kocsem.instrument.bundled import bundled
from kocsem.instrument.schema import instrument_schema, write_instrument_schema


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(instrument_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.fixture
def core() -> Any:
    return yaml.safe_load(bundled("koc_core").read_text(encoding="utf-8"))


def test_the_file_is_what_the_records_make() -> None:
    file = bundled("instrument.schema.json")
    assert json.loads(file.read_text(encoding="utf-8")) == json.loads(
        instrument_schema()
    )


def test_writing_it(tmp_path: Any) -> None:
    file = write_instrument_schema(tmp_path)
    assert file.read_bytes().decode() == instrument_schema()


def test_the_core_instrument_is_valid(
    validator: jsonschema.Draft202012Validator, core: Any
) -> None:
    assert list(validator.iter_errors(core)) == []


def test_the_core_instrument_names_the_schema() -> None:
    first = bundled("koc_core").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=instrument.schema.json"


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
