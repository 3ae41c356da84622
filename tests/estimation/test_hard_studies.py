"""Studies whose optimum is hard to find: lavaan 0.7 finds it, and so must kocsem.

Each is drawn by `benchmarks/simulated.py`; lavaan's discrepancy is the one at which
`benchmarks/convergence.py` found an optimum.
"""

import sys
from pathlib import Path

import pytest

import kocsem
from sem_cases import democracy

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from simulated import draw_study

#: lavaan's discrepancy by number of the study; kocsem's may be lower.
OPTIMA = {
    419: 0.3523274,  # steps of the usual length end where factors are collinear
    914: 1.2109718,
    751: 0.4637795,
}


@pytest.mark.parametrize("number", OPTIMA)
def test_an_optimum_is_found(number):
    study = draw_study(number)
    fit = kocsem.sem(study.model, study.data)
    assert fit.converged
    assert fit.solution.point.discrepancy < OPTIMA[number] + 1e-7


def test_a_solution_that_runs_off_is_no_unidentified_model():
    # the disturbance of d65 is negative; held at 1, the path to it has no bound
    model = """
        d60 =~ y1 + y2 + y3 + y4
        d65 =~ y5 + y6
        ind =~ x1 + x2 + x3
        d65 ~ d60
        ind ~ a*d60
    """
    free = kocsem.sem(model, democracy())
    assert free.converged
    assert "negative-variance" in [finding.code for finding in free.findings]
    held = kocsem.sem(model, democracy(), std_lv=True)
    assert not held.converged
    finding = next(f for f in held.findings if f.code == "not-converged")
    assert "run off without bound (d65~d60" in finding.message
    assert held.fit_measures["chisq"] > free.fit_measures["chisq"]
