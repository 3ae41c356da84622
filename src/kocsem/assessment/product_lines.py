"""What a product of variables adds to a model text.

In: a model with products, and the products of items that were made for it. Out: lines
in lavaan's notation. A product is measured by products of items; two of these that have
an item in common have correlated errors (Marsh, Wen and Hau 2004; Foldnes and Hagtvet
2014), and so have an item and a product of three items that it is one of; residual
centring leaves a product uncorrelated with its parts (Little, Bovaird and Widaman
2006); an observed moderator of a latent variable covaries with it.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations

from kocsem.assessment.product_terms import ProductModel
from kocsem.data.products import Centring, ProductColumn
from kocsem.errors import DataError


@dataclass(frozen=True, slots=True)
class Product:
    """A product of variables, as it was made.

    Attributes
    ----------
    parts : tuple of str
        The variables that are multiplied.
    indicators : tuple of ProductColumn
        The products of items that measure it; none when all parts are observed, so that
        the product is a column itself.
    centres : mapping of str to float
        For each observed part, what was subtracted before it was multiplied.
    """

    parts: tuple[str, ...]
    indicators: tuple[ProductColumn, ...]
    centres: Mapping[str, float]

    @property
    def text(self) -> str:
        """The product as the model text names it, such as ``TR:OC``."""
        return ":".join(self.parts)

    @property
    def name(self) -> str:
        """The product as a variable of the fit, such as ``TR.OC``."""
        return ".".join(self.parts)


def product_lines(
    model: ProductModel, products: Sequence[Product], centring: Centring
) -> tuple[str, ...]:
    """Write what a model text needs for its products.

    Parameters
    ----------
    model : ProductModel
        The text as it was read.
    products : sequence of Product
        Its products.
    centring : {"double_mean", "mean", "residual", "none"}
        How they were centred.

    Returns
    -------
    tuple of str
        Lines of model text, none of which the text has already.

    Raises
    ------
    DataError
        When a product would be measured by a single indicator that holds error.
    """
    latent = tuple(product for product in products if product.indicators)
    erring = _items_with_error(model)
    lines = []
    for product in latent:
        first = product.indicators[0]
        if len(product.indicators) == 1 and erring & set(first.items):
            raise DataError(
                f"{product.text} would be measured by {first.name} alone, whose error "
                "cannot be told from it. Pair at least two items of each construct."
            )
        indicators = " + ".join(made.name for made in product.indicators)
        lines.append(f"{product.name} =~ {indicators}")
    columns = [made for product in latent for made in product.indicators]
    known = {frozenset((t.lhs, t.rhs)) for t in model.statements.terms if t.op == "~~"}
    residual = centring == "residual"
    pairs = list(_error_covariances(columns, erring, residual=residual))
    pairs += _covariances(model, latent, products, residual=residual)
    lines += [
        f"{one} ~~ {fixed}{two}"
        for one, fixed, two in pairs
        if frozenset((one, two)) not in known
    ]
    return tuple(lines)


def _items_with_error(model: ProductModel) -> set[str]:
    """List the items whose residual variance is not 0 by default."""
    given = {t.lhs for t in model.statements.terms if t.op == "~~" and t.lhs == t.rhs}
    return {
        item
        for items in model.items_of.values()
        for item in items
        if len(items) > 1 or item in given
    }


def _error_covariances(
    columns: Sequence[ProductColumn], erring: Set[str], *, residual: bool
) -> Iterator[tuple[str, str, str]]:
    """Walk the pairs of indicators whose errors covary, because they share an item.

    The error e of an item has covariance var(e) E(zw) with that of a product e z w of
    three, but var(e) E(z) = 0 with that of a product of two.
    """
    for first, second in combinations(columns, 2):
        if erring & set(first.items) & set(second.items):
            yield first.name, "", second.name
    if not residual:
        for made in columns:
            if len(made.items) == 3:
                yield from ((x, "", made.name) for x in made.items if x in erring)


def _covariances(
    model: ProductModel,
    latent: Sequence[Product],
    products: Sequence[Product],
    *,
    residual: bool,
) -> Iterator[tuple[str, str, str]]:
    """Walk the covariances among predictors that are not lavaan's default.

    Exogenous latent variables covary by default, observed ones with them do not. A
    covariance makes an observed variable random, so that those among all observed
    exogenous variables are then written out as well.
    """
    measured = {item for items in model.items_of.values() for item in items}
    inner = measured | set(model.predictors_of)
    names = [product.name for product in latent]
    factors = [name for name in model.items_of if name not in inner] + names
    lower = {
        product.name: {
            *product.parts,
            *(p.name for p in products if set(p.parts) < set(product.parts)),
        }
        for product in latent
    }
    if residual:
        for name, smaller in lower.items():
            yield from ((name, "0*", x) for x in factors if x in smaller)
    outer = dict.fromkeys(x for xs in model.predictors_of.values() for x in xs)
    observed = [
        x for x in outer if x not in model.items_of and x not in inner.union(names)
    ]
    moderators = [x for x in observed if any(x in p.parts for p in latent)]
    for name in moderators:
        for factor in factors:
            if not (residual and name in lower.get(factor, ())):
                yield name, "", factor
    if moderators:
        yield from ((one, "", two) for one, two in combinations(observed, 2))
