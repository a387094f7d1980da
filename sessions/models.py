"""The tables of sessions, split by subject."""

from sessions.case_models import Draw, HandledCase, StepRun
from sessions.feedback_models import Feedback, FeedbackQuestion, FeedbackTemplate
from sessions.outlet_models import CalendarToken, ReleaseRule, Screen
from sessions.programme_models import Availability, Programme, Quota
from sessions.rotation_models import PlannedPlacement, RotationPlan
from sessions.session_models import Roster, SessionEvent, WindowSession

__all__ = [
    "Availability",
    "CalendarToken",
    "Draw",
    "Feedback",
    "FeedbackQuestion",
    "FeedbackTemplate",
    "HandledCase",
    "PlannedPlacement",
    "Programme",
    "Quota",
    "ReleaseRule",
    "Roster",
    "RotationPlan",
    "Screen",
    "SessionEvent",
    "StepRun",
    "WindowSession",
]
