"""The tables of core: the official calendar and the inbox."""

from core.calendar_models import CalendarDay
from core.notice_models import Notice

__all__ = ["CalendarDay", "Notice"]
