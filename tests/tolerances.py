"""How close is right, in one place, each with its reason.

Reference numbers are lavaan's, driven to a gradient near zero and written with twelve
significant digits, so what remains is the optimum's own flatness.
"""

INDEX_RTOL = 1e-6  # chi-square, log-likelihood, indices: second order in the estimates
INDEX_ATOL = 1e-8  # p values and residual means near zero, where relative has no sense
ESTIMATE_ATOL = 1e-5  # ML estimates, standard errors, standardised values
DERIVATIVE_RTOL = 1e-6  # analytic derivatives against central differences
IDENTITY_ATOL = 1e-10  # algebra that must hold exactly, up to rounding
