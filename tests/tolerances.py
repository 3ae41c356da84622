"""How close is right, in one place, each with its reason.

Reference numbers are lavaan's, driven to a gradient near zero and written with twelve
significant digits, so what remains is the optimum's own flatness.
"""

INDEX_RTOL = 1e-6  # chi-square, log-likelihood, indices: second order in the estimates
INDEX_ATOL = 1e-8  # p values and residual means near zero, where relative has no sense
ESTIMATE_ATOL = 1e-5  # ML estimates, standard errors, standardised values
DERIVATIVE_RTOL = 1e-6  # analytic derivatives against central differences
IDENTITY_ATOL = 1e-10  # algebra that must hold exactly, up to rounding
ESTIMATE_RTOL = 2e-6  # the same for estimates far from 1, such as loadings of 20
Z_RTOL = 1e-5
Z_ATOL = 5e-5  # z and p: ESTIMATE_ATOL divided by a standard error of 0.2

# lavaan's modification indices depend to first order on the gradient that is left at
# its stored optimum. Evaluated at kocsem's estimates, lavaan agrees to 1e-5 relative.
MODIFICATION_RTOL = 5e-4
MODIFICATION_ATOL = 1e-4
ROUNDING_MI = 1e-6  # a modification index that is zero but for the same gradient

# lavaan brackets the noncentrality parameter with uniroot(), whose tolerance is
# .Machine$double.eps^0.25 = 1.2e-4; the RMSEA and GFI bounds follow.
NONCENTRALITY_ATOL = 1e-6

# Sandwich covariances hold fourth moments and the observed information, first order in
# what is left of the gradient at lavaan's stored optimum.
ROBUST_RTOL = 5e-5
ROBUST_ATOL = 1e-6

# Polychoric correlations end where lavaan's optimiser of each pair stops.
ORDINAL_RTOL = 1e-4

SCORE_ATOL = 1e-5  # factor scores, first order in the estimates

# Rows of lavaan's modification indices that exist by rounding only: the candidate is
# not identified, and lavaan evaluated at kocsem's estimates leaves it out, or gives
# mi = 3e-24.
LAVAAN_ROUNDING_ROWS = {
    "pd_sem_ml_equal_defined": {(1, "dem65", "~~", "ind60")},
    "hs_covariates_fixedx": {(1, "sex", "~", "visual")},
    "extra_mimic_means": {(1, "z2", "~", "f1")},
    "fiml_democracy": {(1, "dem65", "=~", "y5")},
    "ordered_sem_wlsmv": {(1, "B", "~~", "C")},
}
