"""The directed paths of a model as a graph: who acts on whom, and through whom.

In: paths as pairs of predictor and outcome. Out: the chains of paths that begin at a
variable, the variables that it reaches, and whether there is a feedback loop.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

Step = tuple[str, str]
Chain = tuple[str, ...]


@dataclass(frozen=True)
class PathGraph:
    """Variables joined by directed paths.

    Attributes
    ----------
    steps : tuple of (predictor, outcome)
        The paths, in the order of the model.

    Examples
    --------
    >>> graph = PathGraph((("a", "b"), ("b", "c"), ("a", "c")))
    >>> list(graph.chains_from("a"))
    [('a', 'b'), ('a', 'b', 'c'), ('a', 'c')]
    """

    steps: tuple[Step, ...]

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The variables, in the order of the paths."""
        return tuple(dict.fromkeys(name for step in self.steps for name in step))

    @cached_property
    def outcomes_of(self) -> Mapping[str, tuple[str, ...]]:
        """For each variable those that it acts on directly."""
        found: dict[str, list[str]] = {name: [] for name in self.variables}
        for predictor, outcome in self.steps:
            found[predictor].append(outcome)
        return {name: tuple(outcomes) for name, outcomes in found.items()}

    @cached_property
    def reached_from(self) -> Mapping[str, frozenset[str]]:
        """For each variable those that it acts on, directly or through others."""
        found = {}
        for name in self.variables:
            reached: set[str] = set()
            waiting = list(self.outcomes_of[name])
            while waiting:
                here = waiting.pop()
                if here not in reached:
                    reached.add(here)
                    waiting += self.outcomes_of[here]
            found[name] = frozenset(reached)
        return found

    @cached_property
    def is_recursive(self) -> bool:
        """Whether no variable acts on itself through others."""
        return not any(name in self.reached_from[name] for name in self.variables)

    def chains_from(self, variable: str) -> Iterator[Chain]:
        """Walk the chains that begin at a variable; no variable twice in a chain."""
        yield from self._longer((variable,))

    def _longer(self, begun: Chain) -> Iterator[Chain]:
        for outcome in self.outcomes_of[begun[-1]]:
            if outcome not in begun:
                yield (*begun, outcome)
                yield from self._longer((*begun, outcome))
