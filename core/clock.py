"""The one source of "now". Importing or replaying history runs services at the moment they happened."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("huanwei_moment", default=None)


def now() -> datetime:
    """The present moment (aware), or the one set by `at`."""
    return _moment.get() or timezone.now()


def today() -> date:
    """The present day in the hall's time zone (Asia/Shanghai)."""
    return timezone.localdate(now())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Run services as if it were `moment` (aware). For imports that replay history, and for tests."""
    if timezone.is_naive(moment):
        raise ValueError("The moment needs a time zone.")
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)


def midnight(day: date) -> datetime:
    """The first moment of `day` in the hall's time zone (aware)."""
    return timezone.make_aware(datetime.combine(day, time.min))
