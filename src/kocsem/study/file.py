"""A study file: which instrument, which answers, which model, which report.

In: a YAML file. Out: a frozen `StudyFile`. What a later version may offer is refused by
name (`kocsem.study.later`), never ignored. Paths are kept as written;
`kocsem.study.plan` finds them.
"""

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator
from pydantic.dataclasses import dataclass
from pydantic_core import ArgsKwargs

from kocsem.data.read.choices import ReadingChoices
from kocsem.data.screening.settings import ScreeningRules
from kocsem.errors import StudyError
from kocsem.instrument.bundled import bundled
from kocsem.instrument.problems import Problem, refuse
from kocsem.instrument.types import Hypothesis, Language, Text
from kocsem.instrument.wording import STRICT, Code, Words
from kocsem.instrument.yamlfile import load_model
from kocsem.study.estimation import Estimation
from kocsem.study.later import refuse_later_keys

Format = Literal["html", "docx", "xlsx", "latex", "csv"]
ModelText = Annotated[str, StringConstraints(min_length=1)]

#: A name that can name a folder on every system; Chinese is welcome.
_FILE_NAME = r'^[^\s./\\:*?"<>|-][^\s/\\:*?"<>|]*$'

_AN_INSTRUMENT = (
    "this is a survey definition, not a study file; a study file names it under "
    "'instrument:'"
)
_ANSWERS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".sav")


def _refuse_strays(value: Any) -> Any:
    """Refuse a survey definition, and keys that stand a level too high."""
    given = value.kwargs if isinstance(value, ArgsKwargs) else value
    if not isinstance(given, Mapping):
        return value
    if "constructs" in given and "instrument" not in given:
        refuse([Problem((), _AN_INSTRUMENT)])
    inner = {field.name for field in fields(Estimation)}
    high = [key for key in given if key in inner]
    refuse([Problem((key,), "write this key under 'estimation:'") for key in high])
    return value


@dataclass(frozen=True, kw_only=True, config=STRICT)
class DataSource(ReadingChoices):
    """Where the answers lie and how to read them.

    Attributes
    ----------
    file : str
        The platform's export; a relative path starts at the folder of the study file.
    platform : str
        Name of the survey platform, or ``"auto"``.
    coding : {"auto", "number", "text"}
        Whether options are exported by number or by text.
    first_code : int or mapping of str to int
        The number that stands for the first category: one for all scale rows, or by
        code of item or question.
    mapping : mapping of str to str, int or None
        By code, or ``seconds``, ``origin``: the header or the number of its column,
        from 1, where the header does not tell; null for what no column answers.
    recode : mapping of str to mapping of str to int or None
        By code, or ``scale`` for all scale rows: what cells that match no option stand
        for; null for no answer.
    """

    file: Words


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ItemChoice:
    """Which items measure the constructs in this study.

    Attributes
    ----------
    include : tuple of str
        Codes of optional items that are wanted.
    exclude : tuple of str
        Codes of items that are left out.
    """

    include: tuple[Code, ...] = ()
    exclude: tuple[Code, ...] = ()


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ReportChoice:
    """What is written.

    Attributes
    ----------
    languages : tuple of {"zh", "en"}
        Languages of the report; the first is the main one.
    formats : tuple of {"html", "docx", "xlsx", "latex", "csv"}
        File formats; all by default.
    style : {"auto", "apa", "gb"}
        How numbers are printed; ``"auto"`` is apa in English and gb in Chinese.
    """

    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = ("zh", "en")
    formats: Annotated[tuple[Format, ...], Field(min_length=1)] = (
        "html",
        "docx",
        "xlsx",
        "latex",
        "csv",
    )
    style: Literal["auto", "apa", "gb"] = "auto"

    @field_validator("languages", "formats")
    @classmethod
    def _each_once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        repeated = sorted({word for word in value if value.count(word) > 1})
        refuse(
            [Problem((), f"{word} is named twice; once will do") for word in repeated]
        )
        return value


@dataclass(frozen=True, kw_only=True, config=STRICT)
class StudyFile:
    """A study, as its file states it.

    Attributes
    ----------
    study : str
        Short name, which also names the folder of the report: no blanks, and none of
        the signs that file names cannot have.
    title : Text, optional
        Title of the report; the instrument's title when there is none.
    instrument : str
        A survey definition: a path, relative to the study file, or a bundled name.
    data : DataSource, optional
        The answers; may be left out when they are named on the command line.
    screening : ScreeningRules
        Which answer sheets are kept; what is not said comes from the instrument.
    items : ItemChoice
        Which optional items come in, which items stay out.
    measurement : str, optional
        Measurement model in place of the instrument's.
    model : str, optional
        Structural model; the instrument's direct hypotheses when there is none.
    hypotheses : tuple of Hypothesis, optional
        Hypotheses in place of the instrument's.
    estimation : Estimation
        How the model is fitted.
    report : ReportChoice
        What is written.
    """

    study: Annotated[str, Field(pattern=_FILE_NAME)]
    title: Text | None = None
    instrument: Words
    data: DataSource | None = None
    screening: ScreeningRules = ScreeningRules()
    items: ItemChoice = ItemChoice()
    measurement: ModelText | None = None
    model: ModelText | None = None
    hypotheses: tuple[Hypothesis, ...] | None = None
    estimation: Estimation = Estimation()
    report: ReportChoice = ReportChoice()

    _later_keys = model_validator(mode="before")(refuse_later_keys)
    _strays = model_validator(mode="before")(_refuse_strays)

    @field_validator("hypotheses")
    @classmethod
    def _each_hypothesis_once(
        cls, value: tuple[Hypothesis, ...] | None
    ) -> tuple[Hypothesis, ...] | None:
        names = [hypothesis.id for hypothesis in value or ()]
        refuse(
            [
                Problem((place, "id"), f"{name} names two hypotheses; rename one")
                for place, name in enumerate(names)
                if name in names[:place]
            ]
        )
        return value


def is_study_name(name: str) -> bool:
    """Tell whether a name can name a study and the folder of its report.

    Parameters
    ----------
    name : str
        A short name.

    Returns
    -------
    bool
        False for blanks and for signs that file names cannot have.

    Examples
    --------
    >>> is_study_name("信任研究-2026"), is_study_name("my study")
    (True, False)
    """
    return re.match(_FILE_NAME, name) is not None


def study_path(path: str | Path) -> Path:
    """Return the file of a study.

    Parameters
    ----------
    path : str or Path
        A path, or the name of a bundled study.

    Returns
    -------
    Path
        The file; it need not exist when a path was given.

    Raises
    ------
    InstrumentError
        If a name is given that no bundled file has.

    Examples
    --------
    >>> study_path("koc_core_study").name
    'koc_core_study.yaml'
    """
    file = Path(path)
    is_name = not file.suffix and file.parent == Path() and not file.exists()
    return bundled(str(path)) if is_name else file


def load_study(path: str | Path) -> StudyFile:
    """Read a study file.

    Parameters
    ----------
    path : str or Path
        A YAML file, or the name of a bundled study.

    Returns
    -------
    StudyFile
        The validated study.

    Raises
    ------
    StudyError
        If the file cannot be used; the message lists every problem with its line and
        key.

    Examples
    --------
    >>> load_study("koc_core_study").report.languages
    ('zh', 'en')
    """
    file = study_path(path)
    if file.suffix.lower() in _ANSWERS:
        raise StudyError(
            f"{file}: a study file ends in .yaml. Name the answers in a study file, or "
            f"give them with --data {file.name}."
        )
    return load_model(file, StudyFile, error=StudyError)
