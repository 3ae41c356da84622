"""Product indicators: products of items, which measure a latent interaction.

In: a frame of answers and two or three lists of its columns. Out: the frame with the
products beside them, and what each is made of. Items are paired as in Marsh, Wen and
Hau (2004), centred as in Lin, Wen, Marsh and Lin (2010) or Little, Bovaird and Widaman
(2006); names, order and numbers are those of semTools' ``indProd()``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Literal, get_args

import numpy as np
import pandas as pd

from kocsem.core.moments import Array
from kocsem.data.checks import listed, numeric_columns, require_columns
from kocsem.errors import DataError, UnsupportedError

Pairing = Literal["matched", "all"]
Centring = Literal["double_mean", "mean", "residual", "none"]
Block = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ProductColumn:
    """One product.

    Attributes
    ----------
    name : str
        Its column, such as ``"CA1.IQ2"``.
    items : tuple of str
        The columns it is the product of.
    """

    name: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class ProductIndicators:
    """A frame with products of its columns.

    Attributes
    ----------
    data : DataFrame
        The columns that were there, then the products.
    blocks : mapping of tuple of int to tuple of ProductColumn
        The products by the parts they join, counted from 0: ``(0, 1)`` holds those of
        the first part with the second.
    centres : mapping of str to float
        What was subtracted from each item before it was multiplied.
    """

    data: pd.DataFrame
    blocks: Mapping[Block, tuple[ProductColumn, ...]]
    centres: Mapping[str, float]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all products, in the order of the frame."""
        return tuple(made.name for block in self.blocks.values() for made in block)


def product_indicators(
    data: pd.DataFrame,
    *parts: str | Sequence[str],
    pairing: Pairing | Sequence[Sequence[str]] = "matched",
    centring: Centring = "double_mean",
) -> ProductIndicators:
    """Multiply the items of two or three constructs with each other.

    Parameters
    ----------
    data : DataFrame
        One respondent a row; it is not changed.
    *parts : str or sequence of str
        Two or three lists of columns: the items of a construct, or one observed
        variable. Three lists give the products of each two and those of all three.
    pairing : {"matched", "all"} or sequence of sequence of str, default "matched"
        Which items are multiplied: the first of each list, the second of each, and so
        on, each item once; or each with each; or the pairs (triples) that are listed.
        A list of one column goes with every item of the others.
    centring : {"double_mean", "mean", "residual", "none"}, default "double_mean"
        ``"mean"`` subtracts the mean of each item first, ``"double_mean"`` that of each
        product as well; ``"residual"`` leaves what the items do not explain of a
        product, and of a product of three what products of two do not explain either.

    Returns
    -------
    ProductIndicators
        The frame with the products, and what was made.

    Raises
    ------
    DataError
        When the columns cannot be multiplied; the message names them.
    UnsupportedError
        For a pairing or centring that is not offered, and for more than three parts.

    Notes
    -----
    Means are those of all answers to an item. A product with a missing answer in it is
    missing; a residual is missing when any of the items that explain it is. The
    equivalent semTools calls are ``indProd(data, first, second)``, with ``match =
    FALSE`` for all pairs, ``doubleMC = FALSE`` for ``"mean"`` and ``residualC = TRUE``
    for ``"residual"``.

    References
    ----------
    marsh-wen-hau-2004, lin-wen-marsh-lin-2010, little-bovaird-widaman-2006

    Examples
    --------
    >>> import pandas as pd
    >>> data = pd.DataFrame({"x1": [1, 2, 6], "x2": [1, 0, 2], "z1": [0, 3, 3]})
    >>> made = product_indicators(data, ["x1", "x2"], "z1", centring="mean")
    >>> made.columns
    ('x1.z1', 'x2.z1')
    >>> made.data["x1.z1"].tolist()
    [4.0, -1.0, 3.0]
    """
    lists = tuple((part,) if isinstance(part, str) else tuple(part) for part in parts)
    _check_parts(data, lists)
    _check_centring(centring)
    blocks = _blocks(lists, _item_rows(lists, pairing))
    _check_names(data, blocks)
    items = [name for part in lists for name in part]
    values = numeric_columns(data, items)
    _check_answers(values)
    centres = values.mean() if centring != "none" else pd.Series(0.0, index=items)
    deviations = values - centres
    made = [
        _block_values(deviations, lists, columns, centring)
        for columns in blocks.values()
    ]
    return ProductIndicators(
        data=pd.concat([data, *made], axis=1),
        blocks=blocks,
        centres={str(name): float(centre) for name, centre in centres.items()},
    )


def _check_parts(data: object, parts: tuple[tuple[str, ...], ...]) -> None:
    """Refuse what cannot be multiplied, whatever the numbers are."""
    if not isinstance(data, pd.DataFrame):
        raise DataError(
            f"data must be a pandas DataFrame, not {type(data).__name__}: products of "
            "items can only be made from the answers themselves."
        )
    if not 2 <= len(parts) <= 3:
        raise UnsupportedError(
            f"Products of {len(parts)} parts are not offered; products of two or three "
            "are."
        )
    if not all(parts):
        raise DataError("One of the parts of the product has no columns; name some.")
    names = [name for part in parts for name in part]
    twice = list(dict.fromkeys(name for name in names if names.count(name) > 1))
    if twice:
        raise DataError(
            f"{listed(twice)} stands in the product more than once. The parts of a "
            "product must be different variables, without an item in common."
        )
    require_columns(names, [str(column) for column in data.columns], "data frame")


def _check_centring(centring: object) -> None:
    """Refuse a centring that is not offered."""
    if centring not in get_args(Centring):
        offered = ", ".join(repr(choice) for choice in get_args(Centring))
        raise UnsupportedError(
            f"centring={centring!r} is not offered; the choices are: {offered}."
        )


def _item_rows(
    parts: tuple[tuple[str, ...], ...], pairing: Pairing | Sequence[Sequence[str]]
) -> tuple[tuple[str, ...], ...]:
    """List which items go together, one of each part."""
    if pairing == "all":
        return tuple(product(*parts))
    if pairing == "matched":
        lengths = {len(part) for part in parts} - {1}
        if len(lengths) > 1:
            counts = " and ".join(f"{len(part)} ({listed(part)})" for part in parts)
            raise DataError(
                f"Matched pairs need as many items on each side, not {counts}. List "
                "the pairs you want, as in pairing=[('x1', 'z2'), ...], or take each "
                "item with each by pairing='all'."
            )
        longest = max(map(len, parts))
        even = (part * longest if len(part) == 1 else part for part in parts)
        return tuple(zip(*even, strict=True))
    if isinstance(pairing, str) or not isinstance(pairing, Sequence):
        raise UnsupportedError(
            f"pairing={pairing!r} is not offered; the choices are: 'matched', 'all', "
            "or a list of pairs such as [('x1', 'z2'), ...]."
        )
    return _listed_rows(parts, pairing)


def _listed_rows(
    parts: tuple[tuple[str, ...], ...], rows: Sequence[Sequence[str]]
) -> tuple[tuple[str, ...], ...]:
    """Check pairs that were listed by hand."""
    if not rows:
        raise DataError("The list of pairs is empty; name at least one pair of items.")
    for row in rows:
        fits = not isinstance(row, str) and len(row) == len(parts)
        if not fits or any(x not in part for x, part in zip(row, parts, strict=True)):
            sides = " and ".join(f"one of {listed(part)}" for part in parts)
            raise DataError(f"{row!r} is no pair of items here; it must name {sides}.")
    return tuple(dict.fromkeys(tuple(row) for row in rows))


def _blocks(
    parts: tuple[tuple[str, ...], ...], rows: tuple[tuple[str, ...], ...]
) -> dict[Block, tuple[ProductColumn, ...]]:
    """Name the products of each two parts, and of three."""
    numbers = range(len(parts))
    return {
        block: tuple(
            ProductColumn(".".join(items), items)
            for items in dict.fromkeys(tuple(row[i] for i in block) for row in rows)
        )
        for size in range(2, len(parts) + 1)
        for block in combinations(numbers, size)
    }


def _check_names(
    data: pd.DataFrame, blocks: Mapping[Block, tuple[ProductColumn, ...]]
) -> None:
    """Refuse a product that would bear the name of another column."""
    names = [made.name for block in blocks.values() for made in block]
    taken = [n for n in names if names.count(n) > 1 or n in data.columns]
    if taken:
        raise DataError(
            f"A product would be called {listed([*dict.fromkeys(taken)])}, but there "
            "is another column of that name. Rename the column, or take it out."
        )


def _check_answers(values: pd.DataFrame) -> None:
    """Refuse items that nobody answered, or everybody alike."""
    spread = values.max() - values.min()
    flat = [str(name) for name, width in spread.items() if not width > 0]
    if flat:
        raise DataError(
            f"{listed(flat)} has no two different answers, so that a product with it "
            "says nothing. Take the item out."
        )


def _block_values(
    deviations: pd.DataFrame,
    parts: tuple[tuple[str, ...], ...],
    columns: tuple[ProductColumn, ...],
    centring: Centring,
) -> pd.DataFrame:
    """Multiply the items of one block and centre the products."""
    products = _multiplied(deviations, columns)
    if centring == "residual":
        explaining = [deviations]
        if len(columns[0].items) == 3:
            pairs = _blocks(parts, tuple(product(*parts)))
            explaining += [
                _multiplied(deviations, pairs[block])
                for block in combinations(range(3), 2)
            ]
        return _residuals(products, pd.concat(explaining, axis=1))
    empty = [made for made in columns if products[made.name].isna().all()]
    if empty:
        raise DataError(
            f"No row has an answer to all of {listed(empty[0].items)}, so that their "
            "product is unknown for everybody."
        )
    return products - products.mean() if centring == "double_mean" else products


def _multiplied(
    deviations: pd.DataFrame, columns: tuple[ProductColumn, ...]
) -> pd.DataFrame:
    """Multiply items; a missing answer makes the product missing."""
    return pd.DataFrame(
        {
            made.name: deviations[list(made.items)].to_numpy().prod(axis=1)
            for made in columns
        },
        index=deviations.index,
    )


def _residuals(products: pd.DataFrame, explaining: pd.DataFrame) -> pd.DataFrame:
    """Leave what a linear regression does not explain of the products."""
    complete = explaining.notna().all(axis=1).to_numpy()
    Z = explaining.to_numpy()[complete]
    if len(Z) <= Z.shape[1] + 1:
        raise DataError(
            f"{len(Z)} complete rows are too few to centre products on the residuals "
            f"of {Z.shape[1]} predictors. Collect more answers, or choose "
            "centring='double_mean'."
        )
    spread = Z.std(axis=0)
    design: Array = np.column_stack([np.ones(len(Z)), Z / np.where(spread, spread, 1)])
    left = np.full(products.shape, np.nan)
    given = products.to_numpy()[complete]
    left[complete] = given - design @ np.linalg.lstsq(design, given, rcond=None)[0]
    return pd.DataFrame(left, index=products.index, columns=products.columns)
