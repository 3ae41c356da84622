"""Compiled maximum likelihood: one small sample after another, without Python between.

In: a `Packed` model, moments of many samples, a start and the information there. Out:
estimates. The formulas are those of `structure`, `maximum_likelihood` and `observed`;
the method is Newton's with the observed information, kept from step to step as long as
it serves. Products are written out, because the order in which a BLAS adds up depends
on how many threads it has.
"""

import math

import numpy as np

from kocsem.core.bootstrap.compiled import compiled, compiled_inside
from kocsem.core.bootstrap.packed import Packed, Scratch
from kocsem.core.moments import Array

BETA, PSI, NU, ALPHA = 1, 2, 4, 5  # of `Matrix`, as compiled code sees them
CONVERGED, UNSETTLED, UNUSABLE = 0, 1, 3  # of `replicates.Status`
DECREMENT_TOLERANCE = 1e-20  # squared step in standard errors, per case
SERVES = 1e-3  # by how much a step must bring the decrement down to keep its Hessian
STEPS = 40
SMALLEST_STEP = 2.0**-6
ROUNDING = 1e-13


@compiled_inside
def invert(a: Array) -> float:
    """Invert in place; return the log-determinant, NaN if a pivot is not positive."""
    n = a.shape[0]
    logdet = 0.0
    for k in range(n):
        pivot = a[k, k]
        if not pivot > 0.0:
            return math.nan
        logdet += math.log(pivot)
        a[k, k] = 1.0
        for j in range(n):
            a[k, j] /= pivot
        for i in range(n):
            f = a[i, k]
            if i != k and f != 0.0:
                a[i, k] = 0.0
                for j in range(n):
                    a[i, j] -= f * a[k, j]
    return logdet


@compiled_inside
def add_product(a: Array, b: Array, out: Array) -> None:
    """Add a b, two rows of a and four of b at a time, of which there are as many."""
    for i in range(0, a.shape[0], 2):
        for k in range(0, b.shape[0], 4):
            f0, f1, f2, f3 = a[i, k], a[i, k + 1], a[i, k + 2], a[i, k + 3]
            h = i + 1
            g0, g1, g2, g3 = a[h, k], a[h, k + 1], a[h, k + 2], a[h, k + 3]
            for j in range(b.shape[1]):
                b0, b1, b2, b3 = b[k, j], b[k + 1, j], b[k + 2, j], b[k + 3, j]
                out[i, j] += (f0 * b0 + f1 * b1) + (f2 * b2 + f3 * b3)
                out[h, j] += (g0 * b0 + g1 * b1) + (g2 * b2 + g3 * b3)


@compiled_inside
def factorise(a: Array) -> bool:
    """Replace a by R with R'R = a, and R' below it; False if there is none."""
    n = a.shape[0]
    for i in range(n):
        whole = i - i % 4
        for k in range(0, whole, 4):
            f0, f1, f2, f3 = a[k, i], a[k + 1, i], a[k + 2, i], a[k + 3, i]
            for j in range(i, n):
                first = f0 * a[k, j] + f1 * a[k + 1, j]
                a[i, j] -= first + (f2 * a[k + 2, j] + f3 * a[k + 3, j])
        for k in range(whole, i):
            f = a[k, i]
            for j in range(i, n):
                a[i, j] -= f * a[k, j]
        if not a[i, i] > 0.0:
            return False
        root = math.sqrt(a[i, i])
        for j in range(i, n):
            a[i, j] /= root
            a[j, i] = a[i, j]
    return True


@compiled_inside
def solve(factor: Array, b: Array) -> None:
    """Solve R'R x = b in place."""
    n = b.size
    for i in range(n):
        b[i] /= factor[i, i]
        for j in range(i + 1, n):
            b[j] -= factor[i, j] * b[i]
    for i in range(n - 1, -1, -1):
        b[i] /= factor[i, i]
        for j in range(i):
            b[j] -= factor[i, j] * b[i]


@compiled_inside
def place_factors(model: Packed, at: Scratch, group: int) -> bool:
    """Compute A, Phi and eta of one group; False where A cannot be found."""
    Beta, Psi, alpha = at.Beta[group], at.Psi[group], at.alpha[group]
    A, Phi, eta = at.A[group], at.Phi[group], at.eta[group]
    m = eta.size
    Phi[:], eta[:] = 0.0, 0.0
    for i in range(m):
        for j in range(m):
            A[i, j] = -Beta[i, j]
        A[i, i] += 1.0
    if model.paths[group] and math.isnan(invert(A)):
        return False
    for i in range(m):
        for j in range(m):
            eta[i] += A[i, j] * alpha[j]
            total = 0.0
            for c in range(m):
                total += A[i, c] * Psi[c, j]
            for c in range(m):
                Phi[i, c] += total * A[c, j]
    return True


@compiled_inside
def spread(at: Scratch, group: int) -> None:
    """Compute L and C of one group; most loadings are zero."""
    Lambda, A, Phi = at.Lambda[group], at.A[group], at.Phi[group]
    columns, rows = at.columns[group], at.rows[group]
    p, m = Lambda.shape
    columns[:] = 0.0
    for i in range(p):
        for c in range(m):
            if Lambda[i, c] != 0.0:
                for j in range(m):
                    columns[i, j] += Lambda[i, c] * A[c, j]
                    columns[i, m + j] += Lambda[i, c] * Phi[c, j]
        for j in range(2 * m):
            rows[j, i] = columns[i, j]


@compiled_inside
def imply(at: Scratch, group: int) -> None:
    """Compute Sigma of one group, in the place of W."""
    Lambda, Theta, rows = at.Lambda[group], at.Theta[group], at.rows[group]
    Sigma = at.W[group]
    p, m = Lambda.shape
    for i in range(p):
        for j in range(p):
            Sigma[i, j] = Theta[i, j]
        for c in range(m):
            if Lambda[i, c] != 0.0:
                for j in range(p):
                    Sigma[i, j] += Lambda[i, c] * rows[m + c, j]


@compiled_inside
def compare(model: Packed, at: Scratch, group: int, S: Array, ybar: Array) -> float:
    """Turn Sigma into W and find the gap; return log|Sigma| + tr(DW), or infinity."""
    Lambda, nu, eta = at.Lambda[group], at.nu[group], at.eta[group]
    W, gap, D = at.W[group], at.gap[group], at.D[group]
    value = invert(W)
    if math.isnan(value):
        return math.inf
    for i in range(gap.size):
        if model.means:
            gap[i] = ybar[i] - nu[i]
            for c in range(eta.size):
                gap[i] -= Lambda[i, c] * eta[c]
        for j in range(i + 1):
            D[i, j] = S[i, j] + gap[i] * gap[j]
            D[j, i] = D[i, j]
    for i in range(gap.size):
        for j in range(gap.size):
            value += W[i, j] * D[i, j]
    return value


@compiled_inside
def evaluate(
    model: Packed, at: Scratch, x: Array, moments: Array, shares: Array
) -> float:
    """Evaluate the discrepancy of all groups, but for its terms in S alone."""
    for a in range(x.size):
        at.matrices[model.cell[a]] = x[a]
        at.matrices[model.mirror[a]] = x[a]
    g, p = at.gap.shape
    S = moments[: g * p * p].reshape(g, p, p)
    ybar = moments[g * p * p :].reshape(g, p)
    total = 0.0
    for group in range(g):
        if not place_factors(model, at, group):
            return math.inf
        spread(at, group)
        imply(at, group)
        total += shares[group] * compare(model, at, group, S[group], ybar[group])
    return total


@compiled_inside
def contract(M: Array, at: Scratch, group: int, out: Array) -> None:
    """Compute B'MB for B = [I, L, C']."""
    inner, core, p = at.inner, at.core, M.shape[0]
    inner[:], core[:] = 0.0, 0.0
    add_product(at.rows[group], M, inner)
    add_product(inner, at.columns[group], core)
    for i in range(p):
        for j in range(p):
            out[i, j] = M[i, j]
    for j in range(inner.shape[0]):
        for i in range(p):
            out[i, p + j] = inner[j, i]
            out[p + j, i] = inner[j, i]
        for i in range(inner.shape[0]):
            out[p + j, p + i] = core[j, i]


@compiled_inside
def slope(model: Packed, at: Scratch, group: int, share: float) -> None:
    """Compute the gradient of one group, and the B'GB and B'W gap that it needs."""
    W, gap, rows, eta = at.W[group], at.gap[group], at.rows[group], at.eta[group]
    T, G, R, pull = at.T, at.G, at.R[group], at.pull[group]
    p = gap.size
    T[:], pull[:] = 0.0, 0.0
    for i in range(p):
        for j in range(p):
            G[i, j] = -W[i, j]
            pull[j] += W[i, j] * gap[i]
    add_product(at.D[group], W, T)
    add_product(W, T, G)
    contract(G, at, group, R)
    for j in range(rows.shape[0] if model.means else 0):
        for i in range(p):
            pull[p + j] += rows[j, i] * pull[i]
    for a in range(model.first[group], model.first[group + 1]):
        matrix, left = model.matrix[a], model.left[a]
        above = 1.0 if matrix >= NU else 0.0
        at.level[a] = eta[model.col[a]] if matrix <= BETA else above
        own = model.half[a] * R[left, model.right[a]] + at.level[a] * pull[left]
        at.gradient[a] = -share * own


@compiled_inside
def curve(model: Packed, at: Scratch, group: int, share: float, misfit: float) -> None:
    """Compute one group's block of the Hessian, but for what bends the moments.

    Without the terms in the misfit it is the expected information.
    """
    Q, R, pull, hessian = at.Q, at.R[group], at.pull[group], at.hessian
    left, right, half, level = model.left, model.right, model.half, at.level
    contract(at.W[group], at, group, Q)
    first, end = model.first[group], model.first[group + 1]
    for a in range(first, end):
        ua, va = left[a], right[a]
        for b in range(first, a + 1):
            ub, vb = left[b], right[b]
            uu, vv, uv, vu = Q[ua, ub], Q[va, vb], Q[ua, vb], Q[va, ub]
            off = uu * R[va, vb] + vv * R[ua, ub] + uv * R[va, ub] + vu * R[ua, vb]
            total = half[a] * half[b] * (uu * vv + uv * vu + misfit * off)
            if model.means:
                off = level[a] * half[b] * (uu * pull[vb] + uv * pull[ub])
                off += level[b] * half[a] * (uu * pull[va] + vu * pull[ua])
                total += level[a] * level[b] * uu + misfit * off
            hessian[a, b] = share * total
            hessian[b, a] = share * total


@compiled_inside
def bend(model: Packed, at: Scratch, group: int, share: float) -> None:
    """Take from the Hessian what the second derivatives of the moments contribute."""
    R, pull, hessian = at.R[group], at.pull[group], at.hessian
    A, Phi, half, right = at.A[group], at.Phi[group], model.half, model.right
    first, end = model.first[group], model.first[group + 1]
    for a in range(first, end):
        ua, ca = model.left[a], model.col[a]
        for b in range(first, end if model.matrix[a] <= BETA else first):
            ub, row, col = model.left[b], model.row[b], model.col[b]
            kind = model.matrix[b]
            if kind <= BETA:
                hessian[a, b] -= share * R[ua, ub] * Phi[ca, col]
            total = 0.0
            if kind in (BETA, PSI):
                total += half[b] * R[ua, right[b]] * A[ca, row]
            if kind == PSI:
                total += half[b] * R[ua, ub] * A[ca, col]
            if model.means and kind in (BETA, ALPHA):
                total += at.level[b] * pull[ua] * A[ca, row]
            hessian[a, b] -= share * total
            hessian[b, a] -= share * total


@compiled_inside
def gather(model: Packed, source: Array, out: Array) -> None:
    """Compute K' times a matrix."""
    out[:] = 0.0
    for a in range(source.shape[0]):
        for e in range(model.start[a], model.start[a + 1]):
            for b in range(source.shape[1]):
                out[model.column[e], b] += model.value[e] * source[a, b]


@compiled_inside
def inform(
    model: Packed, at: Scratch, shares: Array, misfit: float, factor: Array
) -> bool:
    """Factorise the observed (misfit 1) or expected information (0), if possible."""
    for group in range(shares.size):
        curve(model, at, group, shares[group], misfit)
        if misfit != 0.0:
            bend(model, at, group, shares[group])
    gather(model, at.hessian, at.mixed)
    for c in range(at.mixed.shape[0]):
        for a in range(at.mixed.shape[1]):
            at.turned[a, c] = at.mixed[c, a]
    gather(model, at.turned, factor)
    return factorise(factor)


@compiled_inside
def newton(model: Packed, at: Scratch, factor: Array, step: Array) -> float:
    """Find the step in z from the gradient; return the Newton decrement."""
    step[:] = 0.0
    for a in range(at.gradient.size):
        for e in range(model.start[a], model.start[a + 1]):
            step[model.column[e]] -= model.value[e] * at.gradient[a]
    solve(factor, step)
    decrement = 0.0
    for a in range(at.gradient.size):
        for e in range(model.start[a], model.start[a + 1]):
            decrement -= model.value[e] * at.gradient[a] * step[model.column[e]]
    return decrement


@compiled_inside
def move(model: Packed, x: Array, step: Array, length: float, out: Array) -> None:
    """Compute x + length K step."""
    for a in range(x.size):
        out[a] = x[a]
        for e in range(model.start[a], model.start[a + 1]):
            out[a] += length * model.value[e] * step[model.column[e]]


@compiled_inside
def fit(
    model: Packed, at: Scratch, moments: Array, shares: Array, x: Array, factor: Array
) -> tuple[int, float]:
    """Minimise in place of x, with the information there; return status and value."""
    step, trial = np.zeros(factor.shape[0]), np.zeros(x.size)
    value = evaluate(model, at, x, moments, shares)
    new, before = value, math.inf
    for _ in range(STEPS):
        if not math.isfinite(new) or new > value + ROUNDING * (1.0 + abs(value)):
            break
        value = new
        for group in range(shares.size):
            slope(model, at, group, shares[group])
        decrement = newton(model, at, factor, step)
        if decrement > max(SERVES * before, DECREMENT_TOLERANCE):
            if not inform(model, at, shares, 1.0, factor) and not inform(
                model, at, shares, 0.0, factor
            ):
                break
            decrement = newton(model, at, factor, step)
        if decrement * max(decrement / before, SERVES) < DECREMENT_TOLERANCE:
            move(model, x, step, 1.0, x)  # where the decrement is below the tolerance
            return CONVERGED, value
        before, length = decrement, 1.0
        while length >= SMALLEST_STEP:
            move(model, x, step, length, trial)
            new = evaluate(model, at, trial, moments, shares)
            if new <= value + ROUNDING * (1.0 + abs(value)):
                break
            length /= 2
        move(model, x, step, length, x)
    return UNSETTLED, value


@compiled
def fit_all(
    model: Packed,
    at: Scratch,
    samples: Array,
    shares: Array,
    known: Array,
    x: Array,
    factor: Array,
) -> tuple[Array, Array]:
    """Fit every sample, in the place of its start; see `batched`."""
    discrepancy = np.full(known.size, math.nan)
    status = np.full(known.size, UNUSABLE)
    for r in range(known.size):
        if math.isnan(known[r]):
            continue
        for e in range(model.given_cell.size):
            moment = samples[r, model.given_source[e]]
            at.matrices[model.given_cell[e]] = moment
            at.matrices[model.given_mirror[e]] = moment
        status[r], value = fit(model, at, samples[r], shares[r], x[r], factor.copy())
        discrepancy[r] = value - known[r]
    return discrepancy, status
