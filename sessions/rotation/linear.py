"""A small door to HiGHS: columns, rows, one objective at a time, the same answer for the same seed.

HiGHS runs on one thread with a fixed seed. What could make an answer depend on the speed of the machine, the time
limits, are the last resort only: gaps and node limits end the search first.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from time import monotonic

import highspy
import numpy as np

INFINITE = highspy.kHighsInf
FOR_WISHES = 30.0
"""Seconds after which a plan of 120 directors over 13 weeks has to be there, however busy the machine is."""

MOMENT = 1.0
Terms = Iterable[tuple[int, float]]


class Cancelled(Exception):
    """Somebody asked the work to stop."""


@dataclass
class Work:
    """The frame of one run: seed, time in seconds, whom to ask whether to stop, whom to tell how far it is (0 to 1)."""

    seed: int = 0
    seconds: float = 60.0
    stop: Callable[[], bool] = field(default=lambda: False)
    tell: Callable[[float], None] = field(default=lambda _share: None)
    started: float = field(default_factory=monotonic)

    @property
    def left(self) -> float:
        """Seconds that remain."""
        return self.seconds - (monotonic() - self.started)

    @property
    def used(self) -> float:
        return monotonic() - self.started

    def until(self, share: float) -> float:
        """Seconds to a share of the time that wishes may take; a moment when it is used up.

        Only what makes a plan nicer is ended by it: plan and proof have all the time that was given.
        """
        return max(MOMENT, share * min(self.seconds, FOR_WISHES) - self.used)


@dataclass(frozen=True)
class Answer:
    """What came out: `values` are empty unless `found`; `proved` says that nothing better exists within the gap."""

    found: bool
    infeasible: bool
    proved: bool
    values: np.ndarray
    objective: float = 0.0
    bound: float = 0.0

    def whole(self, column: int) -> int:
        return round(float(self.values[column]))


@dataclass(frozen=True)
class Limits:
    """When to be content: distance to the bound in units of the objective, nodes, and seconds."""

    gap: float = 0.0
    nodes: int = 0
    seconds: float = 0.0


class _Quiet(highspy.Highs):  # type: ignore[misc]
    """HiGHS greets on the console when it is made, before anybody could set an option."""

    def enableCallbacks(self) -> None:  # noqa: N802 -- the name is theirs
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()


class Linear:
    """Columns and rows, gathered first and handed to HiGHS at each run."""

    def __init__(self) -> None:
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.integer: list[bool] = []
        self.row_lower: list[float] = []
        self.row_upper: list[float] = []
        self._starts: list[int] = [0]
        self._index: list[int] = []
        self._value: list[float] = []

    def column(self, lower: float = 0.0, upper: float = INFINITE, *, integer: bool = False) -> int:
        """A new unknown; its number."""
        self.lower.append(lower)
        self.upper.append(upper)
        self.integer.append(integer)
        return len(self.lower) - 1

    def row(self, terms: Terms, lower: float = -INFINITE, upper: float = INFINITE) -> int:
        """A new condition on a sum; its number."""
        for column, factor in terms:
            self._index.append(column)
            self._value.append(factor)
        self._starts.append(len(self._index))
        self.row_lower.append(lower)
        self.row_upper.append(upper)
        return len(self.row_lower) - 1

    def minimise(
        self, costs: Mapping[int, float], work: Work, limits: Limits | None = None, *, relaxed: bool = False
    ) -> Answer:
        """Solve for the smallest cost; `relaxed` lets every unknown be broken. Raises Cancelled."""
        limits = limits or Limits()
        solver = self.solver(costs, work, relaxed=relaxed)
        solver.setOptionValue("mip_abs_gap", limits.gap or 1e-6)
        if limits.nodes:
            solver.setOptionValue("mip_max_nodes", limits.nodes)
        if limits.seconds:
            solver.setOptionValue("time_limit", max(0.05, min(limits.seconds, work.left)))
        solver.run()
        if work.stop():
            raise Cancelled
        return _answer(solver, mixed=not relaxed and any(self.integer))

    def solver(self, costs: Mapping[int, float], work: Work, *, relaxed: bool) -> highspy.Highs:
        """HiGHS with the model in it."""
        solver = _Quiet()
        for option, value in (
            ("threads", 1),
            ("random_seed", work.seed % 2**31),
            ("mip_rel_gap", 0.0),
            ("time_limit", max(0.05, work.left)),
        ):
            solver.setOptionValue(option, value)
        solver.passModel(self._model(costs, relaxed=relaxed))
        _watch(solver, work)
        return solver

    def _model(self, costs: Mapping[int, float], *, relaxed: bool) -> highspy.HighsLp:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.lower), len(self.row_lower)
        cost = np.zeros(len(self.lower))
        for column, value in costs.items():
            cost[column] = value
        model.col_cost_ = cost
        model.col_lower_, model.col_upper_ = np.array(self.lower), np.array(self.upper)
        model.row_lower_, model.row_upper_ = np.array(self.row_lower), np.array(self.row_upper)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(self._starts)
        model.a_matrix_.index_, model.a_matrix_.value_ = np.array(self._index), np.array(self._value, dtype=float)
        if not relaxed:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            model.integrality_ = [kinds[one] for one in self.integer]
        return model


def _watch(solver: highspy.Highs, work: Work) -> None:
    def ask(event: highspy.HighsCallbackEvent) -> None:
        if work.stop():
            event.interrupt()

    solver.cbMipInterrupt.subscribe(ask)
    solver.cbSimplexInterrupt.subscribe(ask)


def _answer(solver: highspy.Highs, *, mixed: bool) -> Answer:
    status, info = solver.getModelStatus(), solver.getInfo()
    states = highspy.HighsModelStatus
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.array(solver.getSolution().col_value) if found else np.zeros(0)
    return Answer(
        found=found,
        infeasible=status in (states.kInfeasible, states.kUnboundedOrInfeasible),
        proved=status == states.kOptimal,
        values=values,
        objective=info.objective_function_value if found else 0.0,
        bound=info.mip_dual_bound if mixed else info.objective_function_value,
    )
