"""The verbs of sessions: the only writers of a session's state, its programme, its rosters, cases and feedback.

Each module owns one subject; callers import the verb from here.
"""

from sessions.services.placing import cancel, confirm, decline, miss, move, place, substitute
from sessions.services.programmes import create_programme, update_programme
from sessions.services.roster import publish_week

__all__ = [
    "cancel",
    "confirm",
    "create_programme",
    "decline",
    "miss",
    "move",
    "place",
    "publish_week",
    "substitute",
    "update_programme",
]
