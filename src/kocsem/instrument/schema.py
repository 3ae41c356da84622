"""JSON Schemas of survey and study files, for editors that check while one writes.

In: the records. Out: JSON Schema as text, with the sentences of the docstrings as
descriptions. Those of an instrument and of one that extends another lie in ``surveys``.
"""

import json
import re
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from kocsem.instrument.derive import Derived
from kocsem.instrument.types import Instrument

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text(model: Any, *, title: str) -> str:
    """Return the JSON Schema of a file that holds one record.

    Parameters
    ----------
    model : type
        A pydantic model or pydantic dataclass, documented in numpydoc style.
    title : str
        What the file is.

    Returns
    -------
    str
        JSON with two spaces of indent and a final line feed.
    """
    schema = TypeAdapter(model).json_schema()
    for definition in (schema, *schema.get("$defs", {}).values()):
        _describe(definition)
    whole = {"$schema": _DIALECT, **schema, "title": title}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def instrument_schema() -> str:
    """Return the JSON Schema of a survey definition.

    Returns
    -------
    str
        The text of ``surveys/instrument.schema.json``.
    """
    return schema_text(Instrument, title="A kocsem survey definition")


def derived_schema() -> str:
    """Return the JSON Schema of a survey definition that extends another one.

    Returns
    -------
    str
        The text of ``surveys/derived.schema.json``.
    """
    return schema_text(Derived, title="A kocsem survey definition that extends another")


def write_instrument_schemas(folder: str | Path) -> tuple[Path, ...]:
    """Write the JSON Schemas of survey definitions next to the definitions.

    Parameters
    ----------
    folder : str or Path
        The folder ``surveys``.

    Returns
    -------
    tuple of Path
        The files written.
    """
    texts = {"instrument": instrument_schema(), "derived": derived_schema()}
    files = tuple(Path(folder) / f"{name}.schema.json" for name in texts)
    for file, text in zip(files, texts.values(), strict=True):
        file.write_text(text, encoding="utf-8", newline="\n")
    return files


def _describe(definition: dict[str, Any]) -> None:
    """Put the docstring's sentences where an editor shows them."""
    docstring = definition.get("description", "")
    summary, *_ = docstring.split("\n\n", 1)
    if docstring:
        definition["description"] = " ".join(summary.split())
    meanings = _attributes(docstring)
    for form in (definition, *definition.get("anyOf", ())):
        for name, prop in form.get("properties", {}).items():
            prop.pop("title", None)
            if name in meanings:
                prop["description"] = meanings[name]


def _attributes(docstring: str) -> dict[str, str]:
    """Read the Attributes section of a numpydoc docstring."""
    section = re.search(r"Attributes\n-+\n(.*?)(?=\n\n|\Z)", docstring, re.DOTALL)
    meanings: dict[str, str] = {}
    for entry in re.split(r"\n(?=\S)", section[1]) if section else ():
        names, _, words = entry.partition("\n")
        sentence = " ".join(words.split())
        for name in names.partition(" : ")[0].split(","):
            meanings[name.strip()] = sentence
    return meanings
