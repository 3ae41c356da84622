"""A YAML file to a validated record, with errors that name file, line and key.

In: a path and a pydantic model or pydantic dataclass. Out: the record, or one error of
the caller's class that lists all that is wrong. Scalars follow YAML 1.2, so ``no`` and
``1:30`` stay text and ``1e-6`` is a number. Survey and study files both come this way.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from kocsem.errors import KocsemError
from kocsem.instrument.files import read_text
from kocsem.instrument.nearest import hint
from kocsem.instrument.problems import Path as KeyPath
from kocsem.instrument.problems import Problem, key_path

T = TypeVar("T")
_Resolvers = dict[None, list[tuple[str, re.Pattern[str]]]]

_SAID = {
    "string_too_short": "must not be empty",
    "too_short": "must hold at least one",
    "string_type": "must be text",
    "string_pattern_mismatch": "must be a short name without blanks and other signs",
    "tuple_type": "must be a list",
}
#: No survey or study comes near; aliases that repeat each other soon go beyond.
_MOST_PARTS, _DEEPEST, _MOST_BYTES = 50_000, 50, 4_000_000
_MERGE = "tag:yaml.org,2002:merge"
_SCALARS = {
    "bool": r"true|True|TRUE|false|False|FALSE",
    "int": r"[-+]?(0|[1-9][0-9]*)",
    "float": r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?"
    r"|[-+]?[0-9]+[eE][-+]?[0-9]+"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
    "null": r"~|null|Null|NULL|",
    "merge": r"<<",
}


_TOO_MUCH = (
    "the file grows beyond what a survey or a study can hold; look for aliases, "
    "'*name', that repeat each other."
)


class _TooMuchError(Exception):
    """A file that grows without end while it is read; holds the line."""


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader with the scalars of YAML 1.2."""

    # The stubs call this table an instance variable; PyYAML keeps it on the class.
    yaml_implicit_resolvers: ClassVar[_Resolvers] = {  # type: ignore[misc]
        None: [
            (f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"))
            for tag, pattern in _SCALARS.items()
        ]
    }


@dataclass(frozen=True, slots=True)
class Document:
    """What stands in a YAML file, and where.

    Attributes
    ----------
    file : Path
        The file.
    data : dict
        Its keys with their values.
    lines : mapping
        The line, from 1, on which each path of keys starts.
    problems : tuple of Problem
        Keys given twice.
    """

    file: Path
    data: dict[Any, Any]
    lines: Mapping[KeyPath, int]
    problems: tuple[Problem, ...]

    def refusal(self, problems: Iterable[Problem]) -> str:
        """Write what is wrong with the file.

        Parameters
        ----------
        problems : iterable of Problem
            At least one.

        Returns
        -------
        str
            The file, then each problem with its line and key.
        """
        return _message(self.file, list(problems), self.lines)


def load_model(path: str | Path, model: type[T], *, error: type[KocsemError]) -> T:
    """Read a YAML file into a validated record.

    Parameters
    ----------
    path : str or Path
        The file, in UTF-8.
    model : type
        A pydantic model or pydantic dataclass.
    error : type
        Class of the error to raise.

    Returns
    -------
    object
        An instance of `model`.

    Raises
    ------
    KocsemError
        Of class `error`, if the file cannot be read, is no YAML, or does not fit the
        model; the message lists every problem with its line and key.
    """
    return record_of(read_document(path, error), model, error=error)


def read_document(path: str | Path, error: type[KocsemError]) -> Document:
    """Read a YAML file whose top level holds keys with values.

    Parameters
    ----------
    path : str or Path
        The file, in UTF-8.
    error : type
        Class of the error to raise.

    Returns
    -------
    Document
        What stands in it, not yet held against any model.

    Raises
    ------
    KocsemError
        Of class `error`, if the file cannot be read or is no YAML.
    """
    file = Path(path)
    text = read_text(file, error)
    if len(text) > _MOST_BYTES:
        raise error(
            f"{file}: {len(text):,} signs are too many for a file of this kind."
        )
    data, lines, problems = _parse(text, file, error)
    if not isinstance(data, dict):
        raise error(
            f"{file}: expected keys with values (key: value) at the top level."
            f"{_advice(text)}"
        )
    return Document(file, data, lines, problems)


def record_of(document: Document, model: type[T], *, error: type[KocsemError]) -> T:
    """Turn a YAML file that was read into a validated record.

    Parameters
    ----------
    document : Document
        What stands in the file.
    model : type
        A pydantic model or pydantic dataclass.
    error : type
        Class of the error to raise.

    Returns
    -------
    object
        An instance of `model`.

    Raises
    ------
    KocsemError
        Of class `error`, if the file does not fit the model; the message lists every
        problem with its line and key.
    """
    adapter = TypeAdapter(model)
    try:
        record = adapter.validate_python(document.data)
    except ValidationError as failure:
        explained = _explained(failure, adapter.json_schema())
        raise error(document.refusal([*document.problems, *explained])) from None
    if document.problems:
        raise error(document.refusal(document.problems))
    return record


def _parse(
    text: str, file: Path, error: type[KocsemError]
) -> tuple[Any, Mapping[KeyPath, int], tuple[Problem, ...]]:
    """Return what stands in the text, the line of every key path, and repeated keys."""
    try:
        loader = _Loader(text)
    except yaml.reader.ReaderError as failure:
        where = f"character {failure.position + 1}"
        raise error(f"{file}: {where} is not allowed ({failure.reason}).") from None
    try:
        node = loader.get_single_node()
        if node is None:
            raise error(f"{file}: the file is empty.")
        lines: dict[KeyPath, int] = {}
        problems = list(_mark(node, (), lines, ()))
        return loader.construct_document(node), lines, tuple(problems)
    except _TooMuchError as failure:
        raise error(f"{file}, line {failure}: {_TOO_MUCH}") from None
    except yaml.MarkedYAMLError as failure:
        raise error(_syntax_message(file, text, failure)) from None
    except RecursionError:
        raise error(
            f"{file}: brackets or lists are nested too deep to be read."
        ) from None
    finally:
        loader.dispose()


def _syntax_message(file: Path, text: str, failure: yaml.MarkedYAMLError) -> str:
    mark = failure.problem_mark or failure.context_mark
    words = " ".join(filter(None, (failure.context, failure.problem)))
    if mark is None:
        return f"{file}: {words}."
    snippet = mark.get_snippet(indent=2) or ""
    place = f"line {mark.line + 1}, column {mark.column + 1}"
    lines = text.splitlines()[max(mark.line - 1, 0) : mark.line + 1]
    advice = _advice("\n".join(lines))
    said = f"this is no YAML ({words}).{advice}"
    return f"{file}, {place}: {said}\n{snippet}".rstrip()


def _advice(text: str) -> str:
    """Name the likeliest slip in lines that are no YAML."""
    if re.search(r"^\s*\t", text, re.MULTILINE):
        return " Indent with blanks, not with tabs."
    if re.search(r"^[^#]*[\w}\]]：", text, re.MULTILINE):
        return " Write ': ' where the full-width '：' stands."
    if re.search(r':\s*"[A-Za-z]:\\', text):
        return " Put a Windows path in single quotes, or write '/' for '\\'."
    if re.search(r"^[^#]*[\w}\]]:[^\s/\\]", text, re.MULTILINE):
        return " Put a blank behind ':'."
    return ""


def _mark(
    node: yaml.Node,
    path: KeyPath,
    lines: dict[KeyPath, int],
    above: tuple[yaml.Node, ...],
) -> Iterator[Problem]:
    """Note the line of every key path below a node; find keys given twice."""
    lines.setdefault(path, node.start_mark.line + 1)
    if len(lines) > _MOST_PARTS or len(above) > _DEEPEST:
        raise _TooMuchError(node.start_mark.line + 1)
    if node in above:
        raise yaml.MarkedYAMLError(
            problem="a part that contains itself", problem_mark=node.start_mark
        )
    above = (*above, node)
    if isinstance(node, yaml.SequenceNode):
        for position, child in enumerate(node.value):
            yield from _mark(child, (*path, position), lines, above)
    if isinstance(node, yaml.MappingNode):
        yield from _mark_mapping(node, path, lines, above)


def _mark_mapping(
    node: yaml.MappingNode,
    path: KeyPath,
    lines: dict[KeyPath, int],
    above: tuple[yaml.Node, ...],
) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for key, child in node.value:
        if key.tag == _MERGE:
            merged = child.value if isinstance(child, yaml.SequenceNode) else [child]
            for part in merged:
                yield from _mark(part, path, lines, above)
            continue
        name, line = str(key.value), key.start_mark.line + 1
        here = (*path, name)
        if name in first:
            yield Problem(here, f"given twice, first on line {first[name]}; keep one")
        first.setdefault(name, line)
        lines[here] = line
        yield from _mark(child, here, lines, above)


def _explained(failure: ValidationError, schema: Mapping[str, Any]) -> list[Problem]:
    problems: list[Problem] = []
    details = failure.errors(include_url=False)
    places = {detail["loc"][:-1] for detail in details if detail["loc"]}
    for detail in details:
        if detail["type"] == "too_short" and detail["loc"] in places:
            continue  # its members were refused, so it has none left
        inner: tuple[Problem, ...] = detail.get("ctx", {}).get("problems", ())
        if inner:
            problems += [Problem((*detail["loc"], *p.path), p.message) for p in inner]
        else:
            problems.append(Problem(detail["loc"], _sentence(detail, schema)))
    return problems


def _sentence(detail: ErrorDetails, schema: Mapping[str, Any]) -> str:
    """Say in plain words what pydantic found."""
    kind, given, message = detail["type"], detail["input"], detail["msg"]
    key = detail["loc"][-1] if detail["loc"] else ""
    if kind in ("missing", "missing_keyword_only_argument"):
        return "this key is missing"
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        return f"unknown key; {hint(str(key), _known_keys(schema, detail['loc'][:-1]))}"
    if kind == "string_type" and isinstance(given, int | float):
        return f"must be text, not the number {given}; put it in quotes"
    if kind in _SAID:
        return f"{_SAID[kind]}, not {_shown(given)}" if given else _SAID[kind]
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    if kind == "dataclass_type" or kind == "model_type":
        return f"must hold keys with values, not {_shown(given)}"
    words = message.replace("Input should be a valid integer", "must be an integer")
    words = words.replace("Input should be a valid", "must be a")
    return f"{words.replace('Input should', 'must')}, not {_shown(given)}"


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "keys with values"
    if isinstance(value, list | tuple):
        return "a list"
    text = repr(value) if value is not None else "nothing"
    return text if len(text) <= 40 else f"{text[:37]}..."


def _known_keys(schema: Mapping[str, Any], path: KeyPath) -> list[str]:
    """Collect the keys that a JSON Schema allows at a key path."""
    level = _objects(schema, schema)
    for key in path:
        below: list[Mapping[str, Any]] = []
        for part in level:
            inner = part.get("properties", {}).get(key)
            if isinstance(key, int):
                inner = part.get("items")
            below += _objects(inner or part.get("additionalProperties"), schema)
        level = below or level
    return list(dict.fromkeys(k for part in level for k in part.get("properties", {})))


def _objects(part: Any, schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Follow references and alternatives down to plain schemas."""
    if not isinstance(part, Mapping):
        return []
    if "$ref" in part:
        return _objects(schema["$defs"][part["$ref"].rsplit("/", 1)[-1]], schema)
    branches = [b for word in ("anyOf", "oneOf", "allOf") for b in part.get(word, ())]
    return [part, *(found for b in branches for found in _objects(b, schema))]


def _message(file: Path, problems: list[Problem], lines: Mapping[KeyPath, int]) -> str:
    places = [(_placed(p.path, lines), p) for p in problems]
    ordered = sorted(places, key=lambda pair: pair[0][0])
    said = dict.fromkeys(
        ": ".join(filter(None, (f"line {line}", key_path(path), problem.message)))
        for (line, path), problem in ordered
    )
    if len(said) == 1:
        sentence = next(iter(said))
        return f"{file}, {sentence}" + ("" if sentence.endswith("?") else ".")
    listed = "".join(f"\n  {sentence}" for sentence in said)
    return f"{file}: {len(said)} problems.{listed}"


def _placed(path: KeyPath, lines: Mapping[KeyPath, int]) -> tuple[int, KeyPath]:
    """Find the line of a path, or of the nearest key above it.

    Words that pydantic adds to a path (the branch of a union) are left out.
    """
    here: KeyPath = ()
    for position, key in enumerate(path):
        is_last = position == len(path) - 1
        if (*here, key) in lines or is_last:
            here = (*here, key)
    found = here
    while found not in lines:
        found = found[:-1]
    return lines[found], here
