"""The layout that docs/architecture.md promises, read from the source itself."""

import ast
import re
from pathlib import Path

import pytest

import kocsem

PACKAGE = Path(__file__).parents[1] / "src" / "kocsem"
ROOMS = (
    "core",
    "instrument",
    "data",
    "model",
    "results",
    "estimation",
    "assessment",
    "study",
    "reporting",
    "auditing",
    "cli",
)
BESIDE = ("errors", "findings", "citations")
CORE_MAY_USE = {"numpy", "scipy", "numba", "kocsem"}
MODULE_LINES, FUNCTION_LINES, CLASS_LINES = 400, 40, 150

MODULES = sorted(PACKAGE.rglob("*.py"))


def room_of(module):
    """Return the room of a dotted module name, or the name beside the rooms."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def imported(tree):
    """Return the absolute names of all modules that a module imports."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            names.add(node.module)
    return names


def breaches(room, tree):
    """List the imports that run against the order of the rooms."""
    if room not in ROOMS:
        permitted = {"kocsem.errors"} if room == "citations" else set()
        return [
            name
            for name in imported(tree)
            if name.startswith("kocsem.") and name not in permitted
        ]
    allowed = {*ROOMS[: ROOMS.index(room) + 1], *BESIDE, ""}
    if room == "core":
        allowed = {"core", ""}
    own = [n for n in imported(tree) if n == "kocsem" or n.startswith("kocsem.")]
    return [name for name in own if room_of(name) not in allowed]


def code_lines(node):
    """Count the lines of a definition's body without any docstrings in it."""
    total = node.end_lineno - node.body[0].lineno + 1
    for part in ast.walk(node):
        if isinstance(part, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(
            part
        ):
            first = part.body[0]
            total -= first.end_lineno - first.lineno + 1
    return total


def parse(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def relative(path):
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_imports_run_one_way(path):
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    assert breaches(room, parse(path)) == []


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("core", "from kocsem.model.table import Parameter"),
        ("core", "from kocsem.errors import DataError"),
        ("results", "import kocsem.estimation.run"),
        ("findings", "from kocsem.errors import KocsemError"),
        ("study", "def f():\n    from kocsem.reporting.write import write_report"),
    ],
)
def test_a_breach_is_seen(room, source):
    assert breaches(room, ast.parse(source))


@pytest.mark.parametrize("path", sorted((PACKAGE / "core").rglob("*.py")), ids=relative)
def test_core_knows_only_numerical_libraries(path):
    tops = {name.split(".")[0] for name in imported(parse(path))}
    standard = {
        "collections",
        "dataclasses",
        "enum",
        "functools",
        "itertools",
        "typing",
    }
    assert tops <= CORE_MAY_USE | standard | {"math"}


#: Folders of core, each resting on core itself and on those before it.
CORE_FOLDERS = ("optimiser", "incomplete", "ordinal", "comparison", "bootstrap")


@pytest.mark.parametrize("path", sorted((PACKAGE / "core").rglob("*.py")), ids=relative)
def test_folders_of_core_rest_on_core(path):
    _, *folder, _ = path.relative_to(PACKAGE).parts
    before = CORE_FOLDERS[: CORE_FOLDERS.index(folder[0]) + 1] if folder else ()
    used = {
        name.split(".")[2]
        for name in imported(parse(path))
        if name.startswith("kocsem.core.") and name.count(".") > 2
    }
    assert used <= set(before)


def test_reporting_computes_no_statistic():
    statistics = {"scipy", "statsmodels", "pingouin", "semopy"}
    for path in (PACKAGE / "reporting").rglob("*.py"):
        tops = {name.split(".")[0] for name in imported(parse(path))}
        assert not tops & statistics, path


def test_every_folder_is_a_room():
    folders = {p.name for p in PACKAGE.iterdir() if (p / "__init__.py").exists()}
    assert folders <= set(ROOMS)


def test_no_room_bears_the_name_of_a_public_function():
    assert not set(kocsem.__all__) & {*ROOMS, *BESIDE}


def test_public_names_exist_and_are_documented():
    for name in kocsem.__all__:
        value = getattr(kocsem, name)
        assert name == "__version__" or value.__doc__


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_modules_functions_and_classes_are_short(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MODULE_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            limit = FUNCTION_LINES
        elif isinstance(node, ast.ClassDef):
            limit = CLASS_LINES
        else:
            continue
        assert code_lines(node) <= limit, (node.name, code_lines(node))


def test_source_leaves_nothing_open():
    open_ends = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    found = [p for p in MODULES if open_ends.search(p.read_text(encoding="utf-8"))]
    assert found == []
