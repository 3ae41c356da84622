"""A survey definition from a file or by its bundled name.

In: a path to a YAML file, or a name such as ``"koc_core"``. Out: an `Instrument`, with
a comparison within subjects written out for each creator.
"""

from pathlib import Path

from pydantic import ValidationError

from kocsem.errors import InstrumentError
from kocsem.instrument.bundled import bundled
from kocsem.instrument.derive import read_definition
from kocsem.instrument.problems import told
from kocsem.instrument.types import Instrument
from kocsem.instrument.within import written_out


def load_instrument(path: str | Path) -> Instrument:
    """Read a survey definition.

    Parameters
    ----------
    path : str or Path
        A YAML file, or the name of a bundled instrument; one that stands alone, or one
        that extends another (see `kocsem.instrument.derive.Derived`).

    Returns
    -------
    Instrument
        The validated survey definition.

    Raises
    ------
    InstrumentError
        If there is no such file or it cannot be used; the message lists every problem
        with its line and key.

    Examples
    --------
    >>> koc = load_instrument("koc_core")
    >>> [construct.id for construct in koc.constructs]
    ['CA', 'IQ', 'AL', 'TR', 'PI']
    """
    file = Path(path)
    is_name = not file.suffix and file.parent == Path() and not file.is_file()
    definition = read_definition(bundled(str(path)) if is_name else file)
    try:
        return written_out(definition)
    except ValidationError as failure:
        raise InstrumentError(
            f"{path}: written out for each creator, it does not agree with itself: "
            f"{told(failure)}."
        ) from None
