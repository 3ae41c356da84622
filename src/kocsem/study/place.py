"""Where a key stands in a study file.

In: the file and the keys that lead to a place. Out: the words with which an error about
it begins, so that what is found out after the file was read points at a line as well.
"""

from pathlib import Path

import yaml

from kocsem.errors import StudyError
from kocsem.instrument.files import read_text
from kocsem.instrument.problems import Path as KeyPath
from kocsem.instrument.problems import key_path


def at_key(file: Path, path: KeyPath) -> str:
    """Name a place in a study file.

    Parameters
    ----------
    file : Path
        A study file that was read before.
    path : tuple of str or int
        Keys and 0-based positions that lead to the place.

    Returns
    -------
    str
        File, line and keys, such as ``"study.yaml, line 6: estimation.ordered"``.

    Raises
    ------
    StudyError
        When the file is gone.
    """
    node = yaml.compose(read_text(file, StudyError), Loader=yaml.SafeLoader)
    line = 1
    for key in path:
        below = _below(node, key)
        if below is None:
            break
        line, node = below
    return f"{file}, line {line}: {key_path(path)}"


def _below(node: yaml.Node | None, key: str | int) -> tuple[int, yaml.Node] | None:
    """Find what stands under a key, and the line it begins on."""
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == key:
                return name.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int):
        return node.value[key].start_mark.line + 1, node.value[key]
    return None
