"""The parameters of a fit, and the moments they imply, at many parameter vectors.

In: a `Fit` of one group. Out: functions that map a matrix with one vector of free
parameters a row to single parameters, or to the covariances of all variables, latent
and observed: A Psi A' with A = (I - B)^-1 and B all paths and loadings (McArdle and
McDonald, 1984).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from kocsem.core.effects import Elements, Values
from kocsem.core.moments import Array
from kocsem.model.table import Parameter
from kocsem.results.fit import Fit

Key = tuple[str, str, str]


@dataclass(frozen=True)
class ParameterValues:
    """The parameters of a fit as functions of the free ones.

    Attributes
    ----------
    fit : Fit
        A fitted model of one group.
    """

    fit: Fit

    @cached_property
    def _rows(self) -> Mapping[Key, tuple[Parameter, float]]:
        """The parameters with their estimates, by what they are."""
        frame = self.fit.parameters
        keys = zip(frame["lhs"], frame["op"], frame["rhs"], strict=True)
        found = dict(zip(keys, frame["est"].astype(float), strict=True))
        keyed = {(row.lhs, row.op, row.rhs): row for row in self.fit.table}
        return {key: (row, found[key]) for key, row in keyed.items()}

    def __contains__(self, key: Key) -> bool:
        return key in self._rows

    @property
    def x(self) -> Array:
        """The estimates as a matrix of one row, shape (1, k)."""
        return self.fit.solution.x[None]

    def at(self, X: Values, key: Key) -> Values:
        """Return one parameter at each row of X, shape (B,)."""
        row, est = self._rows[key]
        return X[:, row.free - 1] if row.free else np.full(len(X), est)

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """All variables, in the order of the implied covariances."""
        sides = (name for left, _, right in self._rows for name in (left, right))
        return tuple(dict.fromkeys(name for name in sides if name))

    def covariances(self, X: Values, names: Sequence[str]) -> Values:
        """Return the implied covariances of some variables.

        Parameters
        ----------
        X : ndarray of shape (B, k)
            One parameter vector a row; real, or complex for a complex-step derivative.
        names : sequence of str
            The variables.

        Returns
        -------
        ndarray of shape (B, v, v)
            In the order of the names.
        """
        within = self._with_causes(names)
        paths, own = self._joins(within)
        A = np.linalg.inv(np.eye(len(within)) - paths.placed(X, len(within)))
        A = A[:, [within.index(name) for name in names]]
        return np.asarray(A @ own.placed(X, len(within)) @ A.swapaxes(1, 2))

    @cached_property
    def means(self) -> pd.Series:
        """Implied means of all variables; 0 for factors without a mean structure."""
        if not self.fit.table.means:
            known = pd.Series(self.fit.implied.mean)
            return known.reindex(list(self.variables), fill_value=0.0)
        paths, _ = self._joins(self.variables)
        (B,) = paths.placed(self.x, len(self.variables))
        keys = [(name, "~1", "") for name in self.variables]
        alpha = [self.at(self.x, key)[0] if key in self else 0.0 for key in keys]
        means = np.linalg.solve(np.eye(len(B)) - B, np.array(alpha))
        return pd.Series(means, index=list(self.variables))

    @cached_property
    def deviations(self) -> pd.Series:
        """Implied standard deviations of all variables; NaN for a negative variance."""
        (implied,) = self.covariances(self.x, self.variables)
        variance = np.diag(implied)
        roots = np.sqrt(np.where(variance > 0, variance, np.nan))
        return pd.Series(roots, index=list(self.variables))

    @cached_property
    def _paths(self) -> tuple[tuple[str, str, Key], ...]:
        """Paths and loadings: effect, cause, parameter."""
        found = []
        for left, op, right in self._rows:
            if op in ("~", "=~"):
                ends = (left, right) if op == "~" else (right, left)
                found.append((*ends, (left, op, right)))
        return tuple(found)

    def _with_causes(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return variables and all that acts on them, directly or through others."""
        reached, waiting = set(names), set(names)
        while waiting:
            causes = {cause for effect, cause, _ in self._paths if effect in waiting}
            waiting = causes - reached
            reached |= causes
        return tuple(name for name in self.variables if name in reached)

    def _joins(self, names: Sequence[str]) -> tuple[Elements, Elements]:
        """Return paths and covariances among variables, these on both sides."""
        at = {name: i for i, name in enumerate(names)}
        covariances = [
            (*ends, key)
            for key in self._rows
            if key[1] == "~~"
            for ends in {(key[0], key[2]), (key[2], key[0])}
        ]
        return self._elements(self._paths, at), self._elements(covariances, at)

    def _elements(
        self, entries: Sequence[tuple[str, str, Key]], at: Mapping[str, int]
    ) -> Elements:
        """Gather elements of a matrix over some variables."""
        inner = [entry for entry in entries if entry[0] in at and entry[1] in at]
        rows = [self._rows[key] for _, _, key in inner]
        return Elements(
            row=np.array([at[one] for one, _, _ in inner], dtype=np.intp),
            col=np.array([at[two] for _, two, _ in inner], dtype=np.intp),
            position=np.array([row.free - 1 for row, _ in rows], dtype=np.intp),
            value=np.array([0.0 if row.free else est for row, est in rows]),
        )
