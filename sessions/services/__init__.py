"""The verbs of sessions: the only writers of a session's state, its programme, its rosters, cases and feedback.

Each module owns one subject; callers import the verb from here.
"""

__all__: list[str] = []
