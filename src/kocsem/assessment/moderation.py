"""Moderated effects: a model text with products, fitted by product indicators.

In: a model text in which products of variables are predictors, and the answers. Out: a
`Moderation`: the `Fit`, and all that was made for it. Sources: Marsh, Wen and Hau
(2004) for the unconstrained product-indicator approach; Lin, Wen, Marsh and Lin (2010)
for double mean centring.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kocsem.assessment.product_lines import Product, product_lines
from kocsem.assessment.product_terms import (
    ProductModel,
    ProductTerm,
    read_product_model,
)
from kocsem.data.products import (
    Centring,
    Pairing,
    ProductIndicators,
    product_indicators,
)
from kocsem.errors import DataError, ModelSyntaxError, UnsupportedError
from kocsem.estimation.run import sem
from kocsem.findings import Finding
from kocsem.results.fit import Fit

Pairs = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Moderation:
    """A fitted model with products of variables.

    Attributes
    ----------
    fit : Fit
        The fitted model, in which ``TR:OC`` is called ``TR.OC``.
    model : str
        The text that was fitted: lavaan fits the same model to `data`.
    data : DataFrame
        The answers with the products beside them.
    products : tuple of Product
        The products, and what measures them.
    centring : {"double_mean", "mean", "residual", "none"}
        How they were centred.
    """

    fit: Fit
    model: str
    data: pd.DataFrame
    products: tuple[Product, ...]
    centring: Centring

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader must know of the products; the fit has findings of its own."""
        found = []
        names = ", ".join(product.text for product in self.products)
        if not self.fit.options.robust:
            found.append(
                Finding(
                    code="products-not-normal",
                    severity="info",
                    subject=names,
                    message="Products of normal variables are not normal, so that the "
                    "test of the model and its standard errors are approximate; "
                    "estimator='MLR' does not rest on normality.",
                )
            )
        if self.centring == "residual":
            found.append(
                Finding(
                    code="residual-centring-normality",
                    severity="warning",
                    subject=names,
                    message="With residual centring, slopes at values of a moderator "
                    "are right for normally distributed constructs only; with skewed "
                    "answers centring='double_mean' is safer.",
                )
            )
        return tuple(found)


def moderation(
    model: str,
    data: pd.DataFrame,
    *,
    pairing: Pairing | Pairs | Mapping[str, Pairs] = "matched",
    centring: Centring = "double_mean",
    **options: Any,
) -> Moderation:
    """Fit a model in which effects depend on other variables.

    Parameters
    ----------
    model : str
        Model text in lavaan's notation; a colon makes a product of two or three
        variables, latent or observed, as in ``PI ~ TR + OC + TR:OC``.
    data : DataFrame
        One respondent a row.
    pairing : {"matched", "all"}, list of pairs, or mapping, default "matched"
        Which items are multiplied: first with first, second with second; each with
        each; or those that are listed, as in ``[("TR1", "OC3"), ...]``, items in the
        order of the product. With several products ``{"TR:OC": [...], ...}`` lists them
        for each; those left out are matched.
    centring : {"double_mean", "mean", "residual", "none"}, default "double_mean"
        See `kocsem.data.products.product_indicators`; ``"none"`` is for products of
        observed variables only, ``"residual"`` for the others only.
    **options
        The keyword arguments of `kocsem.sem`.

    Returns
    -------
    Moderation
        The fit, and what was made for it.

    Raises
    ------
    ModelSyntaxError
        When the text cannot be read, or names no product.
    DataError
        When the data cannot carry the model.
    UnsupportedError
        For groups, ordered items, sampling weights, or a centring that does not suit a
        product.

    Notes
    -----
    Beside the items, the products of items measure the product of the constructs; the
    errors of two that have an item in common covary, and those of an item and a product
    of three with it, unless centred on residuals. Products covary with their parts, but
    not with residual centring. An observed variable that is multiplied with a
    latent one is random, and covaries with the latent variables and with other observed
    predictors. The equivalent in R is semTools' ``indProd()``, followed by ``sem()``
    with the text in `Moderation.model`.

    References
    ----------
    marsh-wen-hau-2004, lin-wen-marsh-lin-2010, little-bovaird-widaman-2006,
    foldnes-hagtvet-2014

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from kocsem.assessment.moderation import moderation
    >>> rng = np.random.default_rng(1)
    >>> trust, price = rng.normal(size=(2, 400))
    >>> intent = 0.5 * trust + 0.3 * trust * price + rng.normal(size=400)
    >>> items = {"PI1": intent}
    >>> for i in (1, 2, 3):
    ...     items[f"TR{i}"] = trust + 0.5 * rng.normal(size=400)
    ...     items[f"PR{i}"] = price + 0.5 * rng.normal(size=400)
    >>> text = '''
    ... TR =~ TR1 + TR2 + TR3
    ... PR =~ PR1 + PR2 + PR3
    ... PI1 ~ TR + PR + TR:PR
    ... '''
    >>> made = moderation(text, pd.DataFrame(items))
    >>> print(made.model.splitlines()[-1])
    TR.PR =~ TR1.PR1 + TR2.PR2 + TR3.PR3
    >>> path = made.fit.parameters.query("lhs == 'PI1' and rhs == 'TR.PR'")
    >>> round(path["est"].item(), 2)
    0.37
    """
    _refuse_options(options)
    read = read_product_model(model)
    made = _indicators(read, data, pairing, centring)
    products = tuple(_product(read, term, made) for term in read.terms)
    _check_centring(products, centring)
    lines = product_lines(read, products, centring)
    text = "\n".join([read.text.rstrip(), *lines])
    frame = _with_products(data, read, products, made)
    fit = sem(text, frame, **options)
    return Moderation(fit, text, frame, products, centring)


def _refuse_options(options: Mapping[str, Any]) -> None:
    """Refuse what product indicators do not go with."""
    if options.get("sample_cov") is not None:
        raise DataError(
            "Products of items can only be made from the answers themselves, not from "
            "a covariance matrix: pass data=."
        )
    if options.get("group") is not None:
        raise UnsupportedError(
            "Products in several groups are not offered. Fit each group by itself, or "
            "compare the paths of the groups, which are moderated by the group."
        )
    if options.get("sampling_weights") is not None:
        raise UnsupportedError(
            "Products with sampling weights are not offered: items are centred at the "
            "mean of the respondents, not of the population that weights stand for."
        )
    if options.get("ordered"):
        raise UnsupportedError(
            "Products of ordered items are not offered: a product of two answers is no "
            "ordered answer. Leave out ordered= and take estimator='MLR'."
        )


def _indicators(
    read: ProductModel,
    data: pd.DataFrame,
    pairing: Pairing | Pairs | Mapping[str, Pairs],
    centring: Centring,
) -> dict[ProductTerm, ProductIndicators]:
    """Multiply the items of each product that no larger one contains."""
    for term in read.terms:
        for part in term.parts:
            inner = [x for x in read.columns_of(part) if x in read.items_of]
            if inner:
                raise UnsupportedError(
                    f"{part} is measured by {inner[0]}, which is latent itself, so "
                    f"that {term.text} has no items to multiply. Name a variable that "
                    "is measured by items."
                )
    widest = list(dict.fromkeys(read.around(term) for term in read.terms))
    listed = pairing if isinstance(pairing, Mapping) else {}
    unknown = [key for key in listed if key not in [term.text for term in widest]]
    if unknown:
        offered = ", ".join(term.text for term in widest)
        raise ModelSyntaxError(
            f"pairing= names {unknown[0]!r}, which is none of the products that items "
            f"are paired for: {offered}."
        )
    general = "matched" if isinstance(pairing, Mapping) else pairing
    return {
        term: product_indicators(
            data,
            *(read.columns_of(part) for part in term.parts),
            pairing=listed.get(term.text, general),
            centring=centring,
        )
        for term in widest
    }


def _product(
    read: ProductModel,
    term: ProductTerm,
    made: Mapping[ProductTerm, ProductIndicators],
) -> Product:
    """Pick what was made for one product."""
    wide = read.around(term)
    block = tuple(wide.parts.index(part) for part in term.parts)
    observed = [part for part in term.parts if part not in read.items_of]
    return Product(
        parts=term.parts,
        indicators=made[wide].blocks[block] if read.is_latent(term) else (),
        centres={part: made[wide].centres[part] for part in observed},
    )


def _check_centring(products: Sequence[Product], centring: Centring) -> None:
    """Refuse a centring under which the effects of a product would mislead."""
    for product in products:
        if product.indicators and centring == "none":
            raise UnsupportedError(
                f"{product.text} has a latent part, which has no origin of its own: "
                "its items must be centred. Choose 'double_mean', 'mean' or 'residual'."
            )
        if not product.indicators and centring == "residual":
            raise UnsupportedError(
                f"{product.text} is a product of observed variables: residual centring "
                "would change nothing but the meaning of their own effects. Choose "
                "'double_mean', 'mean' or 'none'."
            )


def _with_products(
    data: pd.DataFrame,
    read: ProductModel,
    products: Sequence[Product],
    made: Mapping[ProductTerm, ProductIndicators],
) -> pd.DataFrame:
    """Put the products that the model uses beside the answers."""
    columns: dict[str, pd.Series] = {}
    for term, product in zip(read.terms, products, strict=True):
        frame = made[read.around(term)].data
        names = [x.name for x in product.indicators] or [product.name]
        columns |= {name: frame[name] for name in names}
    return pd.concat([data, pd.DataFrame(columns, index=data.index)], axis=1)
