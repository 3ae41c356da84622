"""A codebook in DDI-Codebook 2.5, the format of data archives.

In: an instrument and languages. Out: an XML document. The order of elements is the one
that the standard fixes; every text carries its language.

References
----------
Data Documentation Initiative (2012). DDI-Codebook 2.5.
"""

from collections.abc import Callable
from functools import partial
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from kocsem.instrument.export.codebook import Variable, variables
from kocsem.instrument.export.codebook_tables import (
    Cell,
    condition,
    filled,
    listed,
    said,
    theory_of,
)
from kocsem.instrument.export.codebook_words import CODEBOOK_WORDS, RULES
from kocsem.instrument.export.legible import legible
from kocsem.instrument.export.target import Languages
from kocsem.instrument.types import Construct, Instrument, Language, Question, Text

_NAMESPACE = "ddi:codebook:2_5"
_SCHEMA = (
    "https://ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
)
_TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}
_RESPONSES = {"binary": "multiple", "numeric": "numeric"}


def codebook_ddi(instrument: Instrument, languages: Languages) -> bytes:
    """Write a codebook in DDI-Codebook 2.5.

    Parameters
    ----------
    instrument : Instrument
        What is asked.
    languages : tuple of {"zh", "en"}
        Languages, the main one first.

    Returns
    -------
    bytes
        An XML document in UTF-8; the same instrument gives the same bytes.

    Raises
    ------
    InstrumentError
        If a row has no wording.
    """
    root = Element(
        "codeBook",
        {
            "xmlns": _NAMESPACE,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{_NAMESPACE} {_SCHEMA}",
            "version": "2.5",
            "xml:lang": _TAGS[languages[0]],
        },
    )
    _add_document(root, instrument, languages)
    _add_study(root, instrument, languages)
    data = SubElement(root, "dataDscr")
    for construct in instrument.constructs:
        _add_construct(data, instrument, construct, languages)
    for part in instrument.asked.values():
        if isinstance(part, Question) and part.kind == "multi":
            _add_group(
                data, part.id, part.columns, "multipleResp", part.name, languages
            )
    for variable in variables(instrument):
        _add_variable(data, variable, languages)
    for rule in RULES:
        _say(data, "notes", rule, languages)
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _say(
    parent: Element, name: str, text: Text, languages: Languages, **attributes: str
) -> None:
    """Add an element once a language."""
    for language in languages:
        element = SubElement(parent, name, {**attributes, "xml:lang": _TAGS[language]})
        element.text = legible(text.get(language))


def _tell(
    parent: Element,
    name: str,
    lines: Callable[[Languages], Cell],
    languages: Languages,
) -> None:
    """Add an element for each line that there is in each language."""
    for language in languages:
        for line in lines((language,)):
            element = SubElement(parent, name, {"xml:lang": _TAGS[language]})
            element.text = legible(line)


def _note(parent: Element, name: str, words: str) -> None:
    SubElement(parent, name).text = legible(words)


def _add_titles(parent: Element, title: Text, languages: Languages) -> None:
    """Add the title, in the other language as a parallel title."""
    statement = SubElement(parent, "titlStmt")
    _say(statement, "titl", title, languages[:1])
    _say(statement, "parTitl", title, languages[1:])


def _add_document(root: Element, instrument: Instrument, languages: Languages) -> None:
    citation = SubElement(SubElement(root, "docDscr"), "citation")
    kind = CODEBOOK_WORDS["codebook"]
    title = instrument.title
    named = Text(zh=f"{title.zh}：{kind.zh}", en=f"{title.en}: {kind.en}")
    _add_titles(citation, named, languages)


def _add_study(root: Element, instrument: Instrument, languages: Languages) -> None:
    study = SubElement(root, "stdyDscr")
    citation = SubElement(study, "citation")
    _add_titles(citation, instrument.title, languages)
    _note(citation[0], "IDNo", instrument.id)
    _note(SubElement(citation, "verStmt"), "version", instrument.version)
    if instrument.introduction:
        info = SubElement(study, "stdyInfo")
        _say(info, "abstract", instrument.introduction, languages)
    origin = instrument.provenance
    if origin and origin.licence:
        terms = SubElement(SubElement(study, "dataAccs"), "useStmt")
        _note(terms, "conditions", origin.licence)
    published = [origin.source] if origin and origin.source else []
    published += [theory.source for theory in instrument.theories]
    if published:
        other = SubElement(study, "othrStdyMat")
        for source in published:
            _note(other, "relPubl", source)
    if origin and origin.note:
        _note(study, "notes", origin.note)


def _add_construct(
    data: Element, instrument: Instrument, construct: Construct, languages: Languages
) -> None:
    codes = tuple(i.id for i in instrument.items if i.construct == construct.id)
    group = _add_group(data, construct.id, codes, "subject", construct.name, languages)
    _tell(
        group, "txt", lambda spoken: theory_of(instrument, construct, spoken), languages
    )
    for source in construct.source_scales:
        _note(group, "txt", source)
    if construct.definition:  # the standard allows one definition
        _say(group, "txt", construct.definition, languages[1:])
    _say(group, "concept", construct.name, languages)
    if construct.definition:
        _say(group, "defntn", construct.definition, languages[:1])


def _add_group(
    data: Element,
    name: str,
    codes: tuple[str, ...],
    kind: str,
    label: Text,
    languages: Languages,
) -> Element:
    named = {"ID": name, "name": name, "type": kind, "var": " ".join(codes)}
    group = SubElement(data, "varGrp", named)
    _say(group, "labl", label, languages)
    return group


def _add_variable(data: Element, variable: Variable, languages: Languages) -> None:
    """Add a variable; its children stand in the order of the standard."""
    continuous = variable.measurement == "numeric"
    named = {"ID": variable.code, "name": variable.code}
    named["intrvl"] = "contin" if continuous else "discrete"
    if variable.measurement in ("ordinal", "binary"):
        nature = "ordinal" if variable.measurement == "ordinal" else "nominal"
        named["nature"] = nature
    element = SubElement(data, "var", named)
    _say(element, "labl", variable.label, languages, level="variable")
    _add_question(element, variable, languages)
    if variable.values:
        span = SubElement(SubElement(element, "valrng"), "range")
        span.set("UNITS", "INT")
        span.set("min", str(variable.values[0].code))
        span.set("max", str(variable.values[-1].code))
    _tell(element, "universe", partial(condition, variable), languages)
    _tell(element, "txt", partial(_purpose, variable), languages)
    for value in variable.values:
        category = SubElement(element, "catgry")
        _note(category, "catValu", str(value.code))
        _say(category, "labl", value.label, languages, level="category")
    if variable.reverse:
        numbers: dict[str, object] = {"sum": len(variable.values) + 1}
        _tell(
            element,
            "codInstr",
            lambda spoken: filled("reverse", spoken, numbers),
            languages,
        )
    if variable.construct:
        _say(element, "concept", variable.construct.name, languages)
    SubElement(element, "varFormat", {"type": "numeric"})
    if variable.optional:
        _say(element, "notes", CODEBOOK_WORDS["optional"], languages)


def _add_question(element: Element, variable: Variable, languages: Languages) -> None:
    kind = _RESPONSES.get(variable.measurement, "category")
    named = {"seqNo": str(variable.number), "responseDomainType": kind}
    question = SubElement(element, "qstn", named)
    if variable.stem:
        _say(question, "preQTxt", variable.stem, languages)
    _say(question, "qstnLit", variable.question, languages)


def _purpose(variable: Variable, languages: Languages) -> Cell:
    """Name the role, and the values that let in or pass."""
    role = said(CODEBOOK_WORDS[variable.role], languages)
    if not variable.accept:
        return role
    key = "admits" if variable.role == "screener" else "passes"
    return (*role, *filled(key, languages, listed(variable.accept)))
