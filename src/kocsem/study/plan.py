"""A study file made ready: every path found, every text of the model written out.

In: a study file. Out: a `Plan` with the instrument loaded, the file of answers, the
measurement model, the whole model and the hypotheses. Nothing is read from the answers.
"""

from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from kocsem.data.read.choices import check_choices
from kocsem.data.screening.settings import resolve_rules
from kocsem.errors import DataError, InstrumentError, StudyError
from kocsem.findings import Finding
from kocsem.instrument.load import load_instrument
from kocsem.instrument.nearest import hint
from kocsem.instrument.types import Hypothesis, Instrument
from kocsem.model.from_instrument import measurement_for, structural_text
from kocsem.model.statements import Term
from kocsem.model.syntax import parse_model
from kocsem.model.write import terms_text
from kocsem.study.file import StudyFile, load_study, study_path
from kocsem.study.model_text import check_names, check_syntax
from kocsem.study.ordered import ordered_items


@dataclass(frozen=True)
class Plan:
    """A study with everything it names found.

    Attributes
    ----------
    file : Path
        The study file.
    study : StudyFile
        What it says.
    instrument : Instrument
        The questionnaire.
    data_file : Path
        The answers.
    measurement : str
        The measurement model, in lavaan's notation; empty when the study has none.
    structural : str
        The structural model; empty when the study has none.
    hypotheses : tuple of Hypothesis
        The study's hypotheses, or the instrument's.
    ordered : tuple of str
        Variables of the model that are ordered categories.
    findings : tuple of Finding
        Constructs that the instrument measures and the model does not use.
    """

    file: Path
    study: StudyFile
    instrument: Instrument
    data_file: Path
    measurement: str
    structural: str
    hypotheses: tuple[Hypothesis, ...]
    ordered: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def model(self) -> str:
        """The whole model."""
        return "\n".join(part for part in (self.measurement, self.structural) if part)


def plan_study(path: str | Path, data: str | Path | None = None) -> Plan:
    """Find everything that a study file names.

    Parameters
    ----------
    path : str or Path
        The study file, or the name of a bundled study.
    data : str or Path, optional
        Answers in place of those that the study file names.

    Returns
    -------
    Plan
        The study, ready to be carried out.

    Raises
    ------
    StudyError
        When the study file cannot be used, names no answers, or treats as ordered what
        its model does not explain.
    InstrumentError
        When the instrument cannot be used, or the study chooses items that it lacks.
    ModelSyntaxError, UnsupportedError
        When a model text cannot be read.

    Notes
    -----
    The measurement model comes from the instrument, for those constructs that the
    structural model or a hypothesis names; for all of them when neither names any. A
    construct that the study's own ``model`` measures with ``=~`` is taken from there.

    Examples
    --------
    >>> plan = plan_study("koc_core_study")
    >>> print(plan.structural)
    TR ~ CA + IQ + AL
    PI ~ TR + CA + IQ
    """
    file = study_path(path)
    study = load_study(file)
    instrument = load_instrument(_instrument_path(study.instrument, file.parent))
    _check_choices(study, instrument, file)
    hypotheses = study.hypotheses
    if hypotheses is None:
        hypotheses = instrument.hypotheses
    structural = _structural(study, hypotheses, file)
    measurement = _measurement(study, instrument, structural, file)
    _check_names(study, file, instrument, measurement, structural)
    whole = f"{measurement}\n{structural}"
    unused = _unused(instrument, whole, file)
    return Plan(
        file=file,
        study=study,
        instrument=instrument,
        data_file=_data_file(study, file, data),
        measurement=measurement,
        structural=structural,
        hypotheses=hypotheses,
        ordered=ordered_items(study, instrument, whole, file),
        findings=(*_outside(study, file), *unused),
    )


def _instrument_path(name: str, folder: Path) -> Path | str:
    """Return the instrument's file beside the study file, or its bundled name."""
    beside = _beside(folder, name)
    return beside if beside.is_file() or Path(name).suffix else name


def _beside(folder: Path, name: str) -> Path:
    """Return a path that starts at a folder; one written for Windows works anywhere."""
    path = folder / name
    written = PureWindowsPath(name)
    if path.exists() or written.is_absolute():
        return path
    return folder.joinpath(*written.parts)


def _data_file(study: StudyFile, file: Path, data: str | Path | None) -> Path:
    """Return the file of answers."""
    if data is not None:
        return Path(data)
    if study.data is None:
        raise StudyError(
            f"{file}: no answers are named. Add 'data: {{file: responses.csv}}', or "
            "give the file when the study is run."
        )
    return _beside(file.parent, study.data.file)


def _outside(study: StudyFile, file: Path) -> tuple[Finding, ...]:
    """Remark on files that do not lie in the study's own folder."""
    answers = study.data.file if study.data is not None else ""
    named = {"data.file": answers, "instrument": study.instrument}
    folder = file.parent.resolve()
    return tuple(
        Finding(
            code="outside-the-folder",
            severity="info",
            subject=key,
            message=f"{key} names {name}, which lies outside the study's folder. Who "
            "is given the folder cannot repeat the study; keep its files together.",
        )
        for key, name in named.items()
        if name and not _beside(folder, name).resolve().is_relative_to(folder)
    )


def _check_choices(study: StudyFile, instrument: Instrument, file: Path) -> None:
    """Refuse rules and ways of reading that name what the instrument does not have."""
    try:
        resolve_rules(study.screening, instrument)
        if study.data is not None:
            check_choices(study.data, instrument)
    except DataError as error:
        raise StudyError(f"{file}: {error}") from None


def _check_names(
    study: StudyFile,
    file: Path,
    instrument: Instrument,
    measurement: str,
    structural: str,
) -> None:
    """Refuse a variable that is neither asked for nor measured."""
    columns = instrument.known_columns
    if study.measurement is not None:
        check_names(measurement, file, "measurement", columns)
    whole = f"{measurement}\n{structural}"
    terms = parse_model(whole).terms if whole.strip() else ()
    latent = {term.lhs for term in terms if term.op == "=~"}
    named = {name for term in terms for name in (term.lhs, term.rhs)}
    bare = [c.id for c in instrument.constructs if c.id in named - latent]
    if bare:
        raise StudyError(
            f"{file}: the model uses {', '.join(bare)}, but no item of this study "
            "measures it. Look at the keys 'measurement' and 'items'."
        )
    names = [c.id for c in instrument.constructs] if study.measurement is None else []
    if study.model is not None:
        check_names(study.model, file, "model", (*latent, *names, *columns))
    elif study.hypotheses and structural:
        check_names(structural, file, "hypotheses", (*latent, *names, *columns))
    _check_hypotheses(study, file, {*latent, *names, *columns})


def _check_hypotheses(study: StudyFile, file: Path, known: set[str]) -> None:
    """Refuse interactions and statements about what is not there."""
    for hypothesis in study.hypotheses or ():
        stray = [code for code in hypothesis.constructs if code not in known]
        if stray and not hypothesis.nodes:
            raise StudyError(
                f"{file}: {hypothesis.id} names {', '.join(stray)}, which the study "
                f"does not measure ({hint(stray[0], sorted(known))})."
            )


def _structural(
    study: StudyFile, hypotheses: tuple[Hypothesis, ...], file: Path
) -> str:
    """Return the structural model of the study, or the one its hypotheses state."""
    if study.model is None:
        return structural_text(hypotheses)
    check_syntax(study.model, file, "model")
    return study.model.strip()


def _measurement(
    study: StudyFile, instrument: Instrument, structural: str, file: Path
) -> str:
    """Return the measurement model of the study, or the instrument's share in it."""
    if study.measurement is not None:
        check_syntax(study.measurement, file, "measurement")
        return study.measurement.strip()
    items = study.items
    try:
        return measurement_for(instrument, structural, items.include, items.exclude)
    except InstrumentError as error:
        raise InstrumentError(f"{file}, key items: {error}") from None


def measurement_model(plan: Plan) -> str:
    """Return the text of the CFA: all that the model says of the measurement.

    Parameters
    ----------
    plan : Plan
        The study.

    Returns
    -------
    str
        The measurement part, with the ``=~`` terms of the structural part, its ``~~``
        terms between indicators, and what it says of their thresholds and scales;
        empty for a model without latent variables.
    """
    if not plan.structural:
        return plan.measurement
    terms = parse_model(plan.model).terms
    latent = {term.lhs for term in terms if term.op == "=~"}
    items = {term.rhs for term in terms if term.op == "=~"} - latent
    own = parse_model(plan.structural).terms
    carried = [term for term in own if _is_measurement(term, items)]
    parts = (plan.measurement, terms_text(carried))
    return "\n".join(part for part in parts if part)


def _is_measurement(term: Term, items: set[str]) -> bool:
    """Return whether a term belongs to the measurement of the constructs."""
    if term.op in ("|", "~*~"):
        return term.lhs in items
    return term.op == "=~" or (term.op == "~~" and {term.lhs, term.rhs} <= items)


def _unused(instrument: Instrument, model: str, file: Path) -> tuple[Finding, ...]:
    """Name what is measured, but not in the model: constructs, who was compared."""
    if not model.strip():
        raise StudyError(
            f"{file}: the study has no model. Write one under 'model:', or give the "
            f"instrument {instrument.id} items or hypotheses."
        )
    terms = parse_model(model).terms
    named = {name for term in terms for name in (term.lhs, term.rhs)}
    unused = (
        Finding(
            code="construct-not-used",
            severity="info",
            subject=construct.id,
            message=f"The instrument measures {construct.id}, but the model does not "
            "use it.",
        )
        for construct in instrument.constructs
        if construct.id not in named
    )
    return (*_pooled(instrument, named), *unused)


def _pooled(instrument: Instrument, named: set[str]) -> tuple[Finding, ...]:
    """Warn where those who rate one creator or another are analysed as one group."""
    comparison = instrument.comparison
    if comparison is None or comparison.group is None or comparison.group in named:
        return ()
    group = comparison.group
    compared = ", ".join(referent.name.en for referent in comparison.referents)
    message = (
        f"Each respondent rates one creator of several ({compared}; question {group}), "
        "and the model holds for all respondents together: its numbers compare nobody. "
        f"In Python, kocsem.sem(model, answers, group='{group}') fits it in each group."
    )
    return (Finding("groups-pooled", "warning", group, message, compared),)
