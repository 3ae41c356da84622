"""Several groups: what is set free in the later ones, and what is equal across them.

In: the rows of a group, or of all groups, and what ``group_equal`` names. Out: the same
rows, set free where equality elsewhere identifies them, or tied by a shared label. The
rules are those of lavaan 0.7 (Rosseel, 2012): scales and means of later groups become
estimable once loadings, intercepts or thresholds are the same.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from kocsem.errors import KocsemError, ModelSyntaxError
from kocsem.instrument.nearest import hint
from kocsem.model.defaults import Setting
from kocsem.model.place import caret
from kocsem.model.statements import Key, Statements
from kocsem.model.table import Parameter, Variables


def _of_items(row: Parameter, names: Variables) -> bool:
    """Return whether a moment belongs to an observed variable that is no covariate."""
    return row.lhs not in (*names.latent, *names.exogenous)


def _of_factors(row: Parameter, names: Variables) -> bool:
    """Return whether a moment belongs to a latent variable."""
    return row.lhs in names.latent


#: What each word of ``group_equal`` makes equal across groups.
KINDS: Mapping[str, Callable[[Parameter, Variables], bool]] = {
    "loadings": lambda r, v: r.op == "=~",
    "intercepts": lambda r, v: r.op == "~1" and _of_items(r, v),
    "means": lambda r, v: r.op == "~1" and _of_factors(r, v),
    "thresholds": lambda r, v: r.op == "|",
    "regressions": lambda r, v: r.op == "~",
    "residuals": lambda r, v: r.is_variance and _of_items(r, v),
    "residual_covariances": lambda r, v: r.is_covariance and _of_items(r, v),
    "lv_variances": lambda r, v: r.is_variance and _of_factors(r, v),
    "lv_covariances": lambda r, v: r.is_covariance and _of_factors(r, v),
}


def released(row: Parameter, setting: Setting) -> Parameter:
    """Set a row of a later group free where lavaan does.

    Parameters
    ----------
    row : Parameter
        A row of the second group or a later one, without modifiers.
    setting : Setting
        What the defaults depend on.

    Returns
    -------
    Parameter
        The row, free if what is equal across groups gives it a value: factor means with
        equal intercepts, the factor's scale with equal loadings, the mean and the scale
        of a latent response with equal thresholds. The scale of an item with two
        categories stays.
    """
    equal, names = setting.equal, setting.variables
    if row.op == "~*~":
        free = "thresholds" in equal and setting.levels[row.lhs] > 2
    elif row.op == "=~":
        free = "loadings" in equal and not setting.std_lv and _sole_marker(row, setting)
    elif row.user:
        return row
    elif row.op == "~1" and row.lhs in names.latent:
        free = "intercepts" in equal and "means" not in equal
    elif row.op == "~1" and row.lhs in names.ordered:
        free = "thresholds" in equal
    else:
        free = (
            setting.std_lv
            and row.is_variance
            and row.lhs in names.latent
            and "loadings" in equal
            and "lv_variances" not in equal
        )
    return row.freed() if free else row


def _sole_marker(row: Parameter, setting: Setting) -> bool:
    """Return whether a loading scales its factor, and its item no other factor."""
    factors = [factor for factor, item in setting.markers if item == row.rhs]
    return factors == [row.lhs]


def keys_to_tie(
    rows: Iterable[Parameter],
    variables: Variables,
    equal: frozenset[str],
    partial: tuple[str, ...],
) -> frozenset[Key]:
    """Find the parameters that are to be equal across groups.

    Parameters
    ----------
    rows : iterable of Parameter
        The rows of one group.
    variables : Variables
        The names, by the part they play.
    equal : frozenset of str
        Words of `KINDS`.
    partial : tuple of str
        Parameters to leave out, such as ``"x3~1"``.

    Returns
    -------
    frozenset
        Their keys.

    Raises
    ------
    KocsemError
        When one to leave out is not among them.
    """
    kinds = [KINDS[word] for word in equal]
    texts: dict[str, Key] = {}
    tied = set()
    for row in rows:
        texts[row.text] = row.key
        if row.is_covariance:
            texts[f"{row.rhs}{row.op}{row.lhs}"] = row.key
        if any(kind(row, variables) for kind in kinds):
            tied.add(row.key)
    left_out = {_left_out(text, texts, tied) for text in partial}
    return frozenset(tied - left_out)


def _left_out(text: str, texts: Mapping[str, Key], tied: set[Key]) -> Key:
    """Find the parameter that an entry of ``group_partial`` names."""
    name = "".join(text.split())
    if texts.get(name) in tied:
        return texts[name]
    if name in texts:
        raise KocsemError(
            f"group_partial names {text!r}, which group_equal does not make equal; "
            "remove it, or add its kind to group_equal."
        )
    known = [shown for shown, key in texts.items() if key in tied]
    raise KocsemError(
        f"group_partial names {text!r}, which is no parameter of the model "
        f"({hint(name, known)})."
    )


def tie(
    rows: Sequence[Parameter], keys: frozenset[Key], statements: Statements
) -> list[Parameter]:
    """Make rows equal that share a label, or a key across groups.

    Parameters
    ----------
    rows : sequence of Parameter
        The rows of all groups, with the user's labels.
    keys : frozenset
        Keys of what is to be equal across groups; a row with a label of the user's is
        equal to the rows with that label and to no others.
    statements : Statements
        The model text, for a message with a caret.

    Returns
    -------
    list of Parameter
        Where one of the equal rows is fixed, so are all. Free ones share a label: the
        user's, or ``.p2.`` with the 1-based number of the first of them.

    Raises
    ------
    ModelSyntaxError
        When rows that are to be equal are fixed at different values.
    """
    found = list(rows)
    for places in _equal_sets(rows, keys):
        fixed = [rows[at] for at in places if not rows[at].free]
        _check_values(fixed, statements)
        for at in places:
            row = rows[at]
            label = row.label or f".p{places[0] + 1}."
            found[at] = (
                replace(row, free=0, fixed=fixed[0].fixed)
                if fixed
                else replace(row, label=label)
            )
    return found


def _equal_sets(rows: Sequence[Parameter], keys: frozenset[Key]) -> Iterable[list[int]]:
    """List the positions of rows that are to be equal, two or more at a time."""
    found: dict[str | Key, list[int]] = {}
    for at, row in enumerate(rows):
        if row.label or row.key in keys:
            found.setdefault(row.label or row.key, []).append(at)
    return (places for places in found.values() if len(places) > 1)


def _check_values(fixed: Sequence[Parameter], statements: Statements) -> None:
    """Refuse different values for parameters that are to be equal."""
    for row in fixed[1:]:
        first = fixed[0]
        if row.fixed == first.fixed:
            continue
        values = f"fixed at {first.fixed} and {row.fixed}"
        if row.label:
            message = (
                f"{first.text} and {row.text} share the label {row.label!r}, but are "
                f"{values}. Give them one value, or two labels."
            )
        else:
            message = (
                f"{row.text} is {values}, but group_equal makes it equal across "
                "groups. Give it one value, or name it in group_partial."
            )
        places = [t.place for t in statements.terms if t.key == row.key]
        raise ModelSyntaxError(caret(statements.text, places[0], message))
