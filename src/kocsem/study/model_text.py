"""Model texts that stand in a study file, with errors that tell the file's line.

In: the text of a key, the study file and the names that a model may use. Out: nothing
when all is well; else one error with file, line, column and a caret.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from kocsem.errors import KocsemError, ModelSyntaxError
from kocsem.instrument.nearest import hint
from kocsem.instrument.yamlplace import text_place
from kocsem.model.place import caret
from kocsem.model.statements import Statements, Term
from kocsem.model.syntax import parse_model

#: How `kocsem.model.place.caret` begins a message.
_PLACE = re.compile(r"line (\d+), column (\d+): ")


def check_syntax(text: str, file: Path, key: str) -> Statements:
    """Parse the model text of a key.

    Parameters
    ----------
    text : str
        The text.
    file : Path
        The study file.
    key : str
        The key at the top level that holds the text.

    Returns
    -------
    Statements
        What the text says.

    Raises
    ------
    ModelSyntaxError, UnsupportedError
        When it cannot be read.
    """
    try:
        return parse_model(text)
    except KocsemError as error:
        raise type(error)(placed(str(error), file, key)) from None


def check_names(text: str, file: Path, key: str, known: Collection[str]) -> None:
    """Refuse a variable that nobody was asked for and that nothing measures.

    Parameters
    ----------
    text : str
        A model text that can be parsed.
    file : Path
        The study file.
    key : str
        The key at the top level that holds the text.
    known : collection of str
        Names that it may use; latent variables that it measures itself are added.

    Raises
    ------
    ModelSyntaxError
        When it uses another; the message names the likeliest that was meant.
    """
    terms = parse_model(text).terms
    own = (term.lhs for term in terms if term.op == "=~")
    names = list(dict.fromkeys((*own, *known)))
    for term in terms:
        # behind "|" stands a threshold and no variable
        for name in (term.lhs, "" if term.op == "|" else term.rhs):
            if name and name not in names:
                raise ModelSyntaxError(_unknown(name, names, term, text, file, key))


def _unknown(
    name: str, names: list[str], term: Term, text: str, file: Path, key: str
) -> str:
    """Word the error on an unknown name, pointing at it."""
    line = text.splitlines()[term.place.line - 1]
    found = re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", line)
    column = found.start() + 1 if found else term.place.column
    near = hint(name, names)
    message = f"There is no variable {name}; {near}{'' if near.endswith('?') else '.'}"
    return placed(caret(text, replace(term.place, column=column), message), file, key)


def placed_in_whole(message: str, file: Path, model: str | None, above: int) -> str:
    """Turn a place in the whole model into a place in the study file.

    Parameters
    ----------
    message : str
        A message that may begin with line and column of the whole model.
    file : Path
        The study file.
    model : str or None
        The text of its key ``model``, if it has one.
    above : int
        Lines of the whole model that stand above that text.

    Returns
    -------
    str
        The message with file and line, where the place lies in that text; otherwise
        the message as it was.
    """
    found = _PLACE.match(message)
    line = int(found[1]) - above if found else 0
    if found is None or model is None or line < 1:
        return message
    line += model[: len(model) - len(model.lstrip())].count("\n")
    moved = f"line {line}, column {found[2]}: {message[found.end() :]}"
    return placed(moved, file, "model")


def placed(message: str, file: Path, key: str) -> str:
    """Turn a place in the text of a key into a place in the study file.

    Parameters
    ----------
    message : str
        A message that may begin with line and column of the text.
    file : Path
        The study file.
    key : str
        The key at the top level that holds the text.

    Returns
    -------
    str
        The message with the file's name, its line and the key.
    """
    found = _PLACE.match(message)
    start = text_place(file, key) if found else None
    if found is None or start is None:
        return f"{file}, key {key}: {message[found.end() :] if found else message}"
    rest = message[found.end() :]
    shifted = start.shifted(int(found[1]), int(found[2]))
    if shifted is None:
        advice = f"Write '{key}: |' and each statement on a line of its own below it."
        return f"{file}, line {start.line}, key {key}: {rest}\n{advice}"
    return f"{file}, line {shifted[0]}, column {shifted[1]}, key {key}: {rest}"
