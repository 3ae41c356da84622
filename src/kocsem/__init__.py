"""kocsem: from a KOC questionnaire to the tables of a paper.

The public names are imported when they are first used, so that ``import kocsem`` and
``kocsem --help`` do not wait for libraries they do not need.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PUBLIC = {
    "Fit": "kocsem.results.fit",
    "assess": "kocsem.assessment.assess",
    "cfa": "kocsem.estimation.run",
    "check_implied_model": "kocsem.model.implied",
    "check_instrument": "kocsem.instrument.check",
    "compare": "kocsem.results.compare",
    "cross_check": "kocsem.estimation.cross_check",
    "index_of_moderated_mediation": "kocsem.assessment.moderated_mediation",
    "interaction_effects": "kocsem.assessment.interaction_effects",
    "interaction_lines": "kocsem.assessment.interaction_lines",
    "johnson_neyman": "kocsem.assessment.simple_slopes",
    "load_instrument": "kocsem.instrument.load",
    "missing_report": "kocsem.data.missing",
    "moderation": "kocsem.assessment.moderation",
    "read_responses": "kocsem.data.read.responses",
    "resampled_assessment": "kocsem.assessment.resampled",
    "run_study": "kocsem.reporting.result",
    "score_items": "kocsem.data.score",
    "screen": "kocsem.data.screening.screen",
    "sem": "kocsem.estimation.run",
    "simple_slopes": "kocsem.assessment.simple_slopes",
    "start_study": "kocsem.study.start",
    "survey_files": "kocsem.instrument.export.registry",
}

__all__ = ["__version__", *sorted(_PUBLIC)]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'kocsem' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
