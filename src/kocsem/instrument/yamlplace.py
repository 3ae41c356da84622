"""Where a text that stands in a YAML file begins, to point at a place inside of it.

In: a file and a key at its top level. Out: the line and column of the file for a line
and column of the text, as far as the way the text is written tells.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml

from kocsem.errors import KocsemError
from kocsem.instrument.files import read_text


@dataclass(frozen=True, slots=True)
class TextPlace:
    """Where a text begins in a file.

    Attributes
    ----------
    line, column : int
        Line and column of its first character, counted from 1.
    keeps_lines : bool
        Whether each line of the text is a line of the file: after ``|``, or when the
        text is a single line.
    """

    line: int
    column: int
    keeps_lines: bool

    def shifted(self, line: int, column: int) -> tuple[int, int] | None:
        """Turn a place in the text into a place in the file.

        Parameters
        ----------
        line, column : int
            Place in the text, counted from 1.

        Returns
        -------
        tuple of int or None
            Line and column in the file; None when they cannot be told.

        Examples
        --------
        >>> TextPlace(line=7, column=3, keeps_lines=True).shifted(2, 5)
        (8, 7)
        """
        if not self.keeps_lines:
            return None
        return self.line + line - 1, self.column + column - 1


def text_place(file: Path, key: str) -> TextPlace | None:
    """Find the text of a key.

    Parameters
    ----------
    file : Path
        A YAML file.
    key : str
        A key at the top level.

    Returns
    -------
    TextPlace or None
        Where its text begins; None when the file has no such key.
    """
    try:
        content = read_text(file, KocsemError)
        root = yaml.compose(content, Loader=yaml.SafeLoader)
    except (KocsemError, yaml.YAMLError):
        return None
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    for name, node in pairs:
        if name.value == key and isinstance(node, yaml.ScalarNode):
            return _begin(node, content.splitlines())
    return None


def _begin(node: yaml.ScalarNode, lines: list[str]) -> TextPlace:
    """Tell where a scalar begins, by its style."""
    start, end = node.start_mark, node.end_mark
    if node.style == "|":
        first = start.line + 1
        block = (line for line in lines[first : end.line] if line.strip())
        indent = min((len(line) - len(line.lstrip(" ")) for line in block), default=0)
        return TextPlace(first + 1, indent + 1, keeps_lines=True)
    quoted = node.style in ("'", '"')
    whole = start.line == end.line and "\n" not in node.value
    return TextPlace(start.line + 1, start.column + 1 + quoted, keeps_lines=whole)
