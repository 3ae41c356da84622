"""An analysis in, ``results.json`` out: every number in full precision.

The file names the options, the source of the data and the versions of the software. It
holds no date, no path of a machine and no answer of a respondent. A number that does
not exist is null.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from math import isfinite
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

import pandas as pd

from kocsem.data.missing import MissingReport
from kocsem.data.screening.counts import count_reasons
from kocsem.findings import Unavailable
from kocsem.reporting.report import versions
from kocsem.reporting.tables.common import is_synthetic
from kocsem.results.fit import Fit
from kocsem.study.analysis import Analysis
from kocsem.study.sensitivity import Sensitivity


def to_json(analysis: Analysis) -> str:
    """Write the results of an analysis.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.

    Returns
    -------
    str
        Indented JSON that ends in a line feed; the same analysis gives the same text.
    """
    content = json.dumps(
        plain(results(analysis)), ensure_ascii=False, indent=1, allow_nan=False
    )
    return content + "\n"


def results(analysis: Analysis) -> dict[str, Any]:
    """Return everything that the file holds, still as records and frames.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.

    Returns
    -------
    dict
        The parts by name.
    """
    assessment, check = analysis.assessment, analysis.cross_check
    return {
        "software": versions(),
        "study": _without_folders(plain(analysis.study)),
        "instrument": {
            "id": analysis.instrument.id,
            "version": analysis.instrument.version,
        },
        "source": analysis.responses.source,
        "synthetic": is_synthetic(analysis),
        "options": analysis.structural.options,
        "nobs": analysis.nobs,
        "flow": analysis.screening.flow,
        "screening_rules": analysis.screening.rules,
        "screening_reasons": count_reasons(analysis.screening),
        "sensitivity": _sensitivity(analysis.sensitivity),
        "demographics": analysis.demographics,
        "missing": _missing(analysis.missing),
        "descriptives": analysis.descriptives,
        "normality": _without_findings(analysis.normality),
        "measurement": _model(analysis.measurement, analysis.measurement_text),
        "structural": _model(analysis.structural, analysis.structural_text),
        "loadings": assessment.loadings,
        "constructs": assessment.constructs,
        "correlations": _square(assessment.correlations),
        "htmt": _square(assessment.htmt),
        "collinearity": _without_findings(analysis.collinearity),
        "indices": analysis.indices,
        "measurement_indices": analysis.measurement_indices,
        "hypotheses": analysis.hypotheses,
        "effects": analysis.effects,
        "cross_check": check,
        "findings": analysis.findings,
    }


def plain(value: Any) -> Any:
    """Turn records, frames and numbers into what JSON can hold.

    Parameters
    ----------
    value : object
        A record, frame, mapping, sequence, number or string.

    Returns
    -------
    object
        Dictionaries, lists, strings, finite numbers, booleans and None.

    Examples
    --------
    >>> plain({"a": (1, float("nan")), "b": Unavailable("One item.")})
    {'a': [1, None], 'b': {'unavailable': 'One item.'}}
    """
    if isinstance(value, Unavailable):
        return {"unavailable": value.reason}
    if isinstance(value, pd.DataFrame):
        return [plain(row) for row in value.to_dict("records")]
    if isinstance(value, pd.Series):
        return plain(value.to_dict())
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    """Turn a scalar, numpy's included, into Python's own."""
    if value is None or isinstance(value, str | bool):
        return value
    own = value.item() if hasattr(value, "item") else value
    if isinstance(own, float):
        return own if isfinite(own) else None
    if isinstance(own, int):
        return own
    return None if bool(pd.isna(own)) else str(own)


def _sensitivity(found: Sensitivity | None) -> list[dict[str, Any]] | None:
    """Return the main result under each choice of rules."""
    if found is None:
        return None
    return [
        {
            "kind": variant.scenario.kind,
            "rule": variant.scenario.reason,
            "dropped": variant.dropped,
            "nobs": variant.outcome.nobs,
            "cfi": variant.outcome.cfi,
            "rmsea": variant.outcome.rmsea,
            "paths": variant.outcome.paths,
            "verdicts": {
                result.hypothesis.id: result.verdict
                for result in variant.outcome.hypotheses
            },
            "inadmissible": variant.outcome.inadmissible,
            "failure": variant.outcome.failure,
        }
        for variant in found.variants
    ]


def _model(fit: Fit, text: str) -> dict[str, Any]:
    return {
        "text": text,
        "converged": fit.converged,
        "nobs": fit.nobs,
        "fit_measures": fit.fit_measures,
        "parameters": fit.parameters,
        "rsquare": fit.rsquare,
    }


def _without_findings(record: Any) -> dict[str, Any]:
    """Return a record's fields but its findings, which stand with all the others."""
    named = (field.name for field in fields(record) if field.name != "findings")
    return {name: getattr(record, name) for name in named}


def _missing(report: MissingReport | None) -> dict[str, Any] | None:
    """Return the missing answers, the matrix of coverage by its names."""
    if report is None:
        return None
    return {**_without_findings(report), "coverage": _square(report.coverage)}


def _square(frame: pd.DataFrame) -> dict[str, Any]:
    """Return a matrix by row name and column name."""
    return {str(name): row for name, row in frame.iterrows()}


def _without_folders(study: dict[str, Any]) -> dict[str, Any]:
    """Cut absolute paths down to the name of the file."""
    data = study.get("data")
    if data:
        study = {**study, "data": {**data, "file": _name(data["file"])}}
    return {**study, "instrument": _name(study["instrument"])}


def _name(path: str) -> str:
    for flavour in (PurePosixPath(path), PureWindowsPath(path)):
        if flavour.is_absolute():
            return flavour.name
    return path
