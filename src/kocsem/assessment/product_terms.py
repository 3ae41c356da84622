"""Products in a model text, such as ``TR:OC`` in ``PI ~ TR + OC + TR:OC``.

In: model text in lavaan's notation, in which a colon joins the parts of a product. Out:
the same text with a plain name for each product, and the products. What would leave an
effect without meaning, such as a product without its parts, is an error with a caret.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

from kocsem.errors import ModelSyntaxError, UnsupportedError
from kocsem.model.place import Place, caret
from kocsem.model.statements import Statements
from kocsem.model.syntax import parse_model
from kocsem.model.tokens import Token, normalise_lines, tokenise


@dataclass(frozen=True, slots=True)
class ProductTerm:
    """A product as a model text names it.

    Attributes
    ----------
    parts : tuple of str
        The variables that are multiplied.
    place : Place
        Where the text names it first.
    """

    parts: tuple[str, ...]
    place: Place

    @property
    def text(self) -> str:
        """The product in a model text, such as ``TR:OC``."""
        return ":".join(self.parts)

    @property
    def name(self) -> str:
        """The product as a variable, such as ``TR.OC``."""
        return ".".join(self.parts)


@dataclass(frozen=True)
class ProductModel:
    """A model text with products, read.

    Attributes
    ----------
    text : str
        The text with a plain name in place of each product.
    statements : Statements
        What it says.
    terms : tuple of ProductTerm
        The products, in order of appearance.
    """

    text: str
    statements: Statements
    terms: tuple[ProductTerm, ...]

    @cached_property
    def items_of(self) -> Mapping[str, tuple[str, ...]]:
        """For each latent variable of the text its indicators."""
        found: dict[str, tuple[str, ...]] = {}
        for term in self.statements.terms:
            if term.op == "=~":
                found[term.lhs] = (*found.get(term.lhs, ()), term.rhs)
        return found

    @cached_property
    def predictors_of(self) -> Mapping[str, tuple[str, ...]]:
        """For each outcome its predictors, products by their names."""
        found: dict[str, tuple[str, ...]] = {}
        for term in self.statements.terms:
            if term.op == "~":
                found[term.lhs] = (*found.get(term.lhs, ()), term.rhs)
        return found

    def columns_of(self, part: str) -> tuple[str, ...]:
        """Return the items of a latent part, or the observed part itself."""
        return self.items_of.get(part, (part,))

    def is_latent(self, term: ProductTerm) -> bool:
        """Return whether any part of a product is latent."""
        return any(part in self.items_of for part in term.parts)

    def around(self, term: ProductTerm) -> ProductTerm:
        """Return the first product that contains a product, or the product itself."""
        wider = (t for t in self.terms if set(t.parts) > set(term.parts))
        return next(wider, term)


def read_product_model(text: str) -> ProductModel:
    """Read a model text that names products of variables.

    Parameters
    ----------
    text : str
        lavaan's notation; ``TR:OC`` is the product of ``TR`` and ``OC``, in whichever
        order it is written.

    Returns
    -------
    ProductModel
        The text without colons, and its products.

    Raises
    ------
    ModelSyntaxError
        When the text cannot be read, names no product, or names one without the
        variables and products that it is made of.
    UnsupportedError
        For a product of more than three variables, or of a variable with itself.

    Examples
    --------
    >>> read = read_product_model("PI ~ TR + OC + b*TR:OC")
    >>> read.text
    'PI ~ TR + OC + b*TR.OC'
    >>> [term.text for term in read.terms]
    ['TR:OC']
    """
    if not isinstance(text, str):
        raise ModelSyntaxError(
            f"A model is a text in lavaan's notation, not a {type(text).__name__}."
        )
    text = normalise_lines(text)
    tokens = tokenise(text)
    runs = list(_runs(tokens))
    joined = {token for run in runs for token in run}
    for token in tokens:
        if token.text == ":" and token not in joined:
            message = "A colon stands between two variables, as in TR:OC."
            raise ModelSyntaxError(caret(text, token.place, message))
    terms = _terms(text, runs)
    if not terms:
        raise ModelSyntaxError(
            "The model text names no product of variables. Write one as a predictor, "
            "such as TR:OC in 'PI ~ TR + OC + TR:OC', or fit the model by sem()."
        )
    by_parts = {frozenset(term.parts): term for term in terms}
    names = {term.name: term.text for term in terms}
    for token in tokens:
        if token.text in names:
            message = f"{token.text} is also what {names[token.text]} will be called; "
            raise ModelSyntaxError(caret(text, token.place, message + "rename it."))
    named = [by_parts[frozenset(token.text for token in run[::2])].name for run in runs]
    plain = _renamed(text, list(zip(runs, named, strict=True)))
    model = ProductModel(plain, parse_model(plain), terms)
    _check_use(text, model)
    return model


def _runs(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Walk the names that colons join, colons included."""
    position = 0
    while position < len(tokens):
        end = position + 1
        if tokens[position].kind == "name":
            while (
                end + 1 < len(tokens)
                and tokens[end].text == ":"
                and tokens[end + 1].kind == "name"
            ):
                end += 2
        if end - position > 1:
            yield list(tokens[position:end])
        position = end


def _terms(text: str, runs: Sequence[list[Token]]) -> tuple[ProductTerm, ...]:
    """Make the products, each once; smaller ones in the order of a larger one."""
    found: dict[frozenset[str], ProductTerm] = {}
    for run in runs:
        parts, place = tuple(token.text for token in run[::2]), run[0].place
        if len(set(parts)) < len(parts):
            message = (
                "A product of a variable with itself (a curved effect) is not offered."
            )
            raise UnsupportedError(caret(text, place, message))
        if len(parts) > 3:
            message = "Products of more than three variables are not offered."
            raise UnsupportedError(caret(text, place, message))
        found.setdefault(frozenset(parts), ProductTerm(parts, place))
    for wide in reversed([term for term in found.values() if len(term.parts) == 3]):
        for own, term in found.items():
            if own < set(wide.parts):
                parts = tuple(part for part in wide.parts if part in own)
                found[own] = replace(term, parts=parts)
    return tuple(found.values())


def _renamed(text: str, names: Sequence[tuple[list[Token], str]]) -> str:
    """Put a name in place of each run of tokens."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)

    def offset(place: Place) -> int:
        return starts[place.line - 1] + place.column - 1

    for run, name in reversed(names):
        first, last = offset(run[0].place), offset(run[-1].place) + len(run[-1].text)
        text = text[:first] + name + text[last:]
    return text


def _check_use(text: str, model: ProductModel) -> None:
    """Refuse products that are no predictors, or stand without their parts."""
    by_name = {term.name: term for term in model.terms}
    for term in model.statements.terms:
        product = by_name.get(term.lhs) or by_name.get(term.rhs)
        if product and (term.op == "=~" or (term.op == "~" and term.lhs in by_name)):
            message = (
                f"{product.text} can be a predictor, on the right of '~', but neither "
                "an outcome nor a part of the measurement model: the products of items "
                "that measure it need no line."
            )
            raise ModelSyntaxError(caret(text, product.place, message))
    for product in model.terms:
        outcomes = [y for y, x in model.predictors_of.items() if product.name in x]
        if not outcomes:
            message = f"{product.text} predicts nothing; take it out."
            raise ModelSyntaxError(caret(text, product.place, message))
        for outcome in outcomes:
            _check_parts(text, model, product, outcome)


def _check_parts(
    text: str, model: ProductModel, product: ProductTerm, outcome: str
) -> None:
    """Refuse a product whose parts do not predict the outcome as well."""
    if outcome in product.parts:
        message = f"{outcome} cannot be predicted by a product with itself."
        raise ModelSyntaxError(caret(text, product.place, message))
    known = model.predictors_of[outcome]
    by_parts = {frozenset(term.parts): term.name for term in model.terms}
    missing = [
        ":".join(parts)
        for size in range(1, len(product.parts))
        for parts in combinations(product.parts, size)
        if (parts[0] if size == 1 else by_parts.get(frozenset(parts))) not in known
    ]
    if missing:
        message = (
            f"The effect of {product.text} on {outcome} has no meaning without "
            f"{' and '.join(missing)}. Add to '{outcome} ~', with a value such as "
            f"0*{missing[0]} if an effect is left out on purpose."
        )
        raise ModelSyntaxError(caret(text, product.place, message))
