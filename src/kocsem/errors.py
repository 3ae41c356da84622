"""Every error and warning that kocsem raises on purpose.

One base for each, then one class per stage, so that a caller can catch a stage.
A message is a sentence that says what is wrong, where, and what to do.
"""


class KocsemError(Exception):
    """Base of all errors that kocsem raises on purpose."""


class InstrumentError(KocsemError):
    """A survey definition cannot be used as it is written."""


class StudyError(KocsemError):
    """A study file cannot be used as it is written."""


class DataError(KocsemError):
    """A file of answers, or a frame of data, cannot be used as it is."""


class ModelSyntaxError(KocsemError):
    """A model text cannot be read; the message shows the line with a caret."""


class IdentificationError(KocsemError):
    """A model has no unique solution for the moments at hand."""


class EstimationError(KocsemError):
    """No estimate could be computed."""


class UnsupportedError(KocsemError):
    """What was asked for is well formed, but kocsem does not offer it."""


class OutputError(KocsemError):
    """Results cannot be written where they were asked to go."""


class KocsemWarning(UserWarning):
    """Base of all warnings that kocsem issues."""


class ConvergenceWarning(KocsemWarning):
    """The optimiser stopped before it reached a solution."""


class DataWarning(KocsemWarning):
    """The data were usable, but the caller must know something about them."""
