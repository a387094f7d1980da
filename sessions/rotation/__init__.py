"""The rotation: who sits at whose window in which half-day. Pure but for words: no model, no query.

`read_file` or `read` make an `Instance` of a schedule file, `solve` a `Plan` of an instance, `diagnose` says why there
is none, `explain` why each placement is there. `wording` puts all of it into sentences.
"""

from sessions.rotation.diagnosing import Diagnosis, diagnose
from sessions.rotation.explaining import Reason, explain
from sessions.rotation.instance import (
    OPEN_TO_ALL,
    Department,
    Desk,
    Director,
    HostQuota,
    Instance,
    Pair,
    Placement,
    Quota,
    Slot,
)
from sessions.rotation.linear import Cancelled, Work
from sessions.rotation.reading import WrongFile, read, read_file
from sessions.rotation.seating import Weights
from sessions.rotation.solving import NoPlan, Plan, TimeUp, Wish, solve, version

__all__ = [
    "OPEN_TO_ALL",
    "Cancelled",
    "Department",
    "Desk",
    "Diagnosis",
    "Director",
    "HostQuota",
    "Instance",
    "NoPlan",
    "Pair",
    "Placement",
    "Plan",
    "Quota",
    "Reason",
    "Slot",
    "TimeUp",
    "Weights",
    "Wish",
    "Work",
    "WrongFile",
    "diagnose",
    "explain",
    "read",
    "read_file",
    "solve",
    "version",
]
