"""The rules of screening in the order in which they are tried.

The first rule that hits a sheet is its reason. Who does not belong to the population
goes first; then come signs of careless answers, sheets that repeat another, and what
depends on all other sheets last.
"""

from kocsem.data.screening.completeness import MISSING
from kocsem.data.screening.contradiction import CONTRADICTION
from kocsem.data.screening.distance import MAHALANOBIS
from kocsem.data.screening.duplicates import DUPLICATE, SAME_ANSWERS, SAME_ORIGIN
from kocsem.data.screening.pace import SPEED
from kocsem.data.screening.questions import (
    CONSENT,
    INFREQUENCY,
    INSTRUCTED,
    SCREENER,
)
from kocsem.data.screening.rule import Rule
from kocsem.data.screening.sameness import IRV, LONGSTRING, STRAIGHTLINING

#: Rules on who belongs to the population; nothing ever lets these sheets in.
POPULATION: tuple[Rule, ...] = (CONSENT, SCREENER)

#: Rules on the quality of a sheet.
QUALITY: tuple[Rule, ...] = (
    INSTRUCTED,
    INFREQUENCY,
    SPEED,
    STRAIGHTLINING,
    LONGSTRING,
    IRV,
    DUPLICATE,
    SAME_ANSWERS,
    SAME_ORIGIN,
    MISSING,
    CONTRADICTION,
    MAHALANOBIS,
)
