"""What the catalogue's import reads of leaders' leave becomes absences of the rotation."""

from collections.abc import Callable
from datetime import date

from catalog.importing.context import Context
from sessions.models import Availability

Move = Callable[[date], date]


def keep_leave(context: Context, move: Move = lambda day: day) -> None:
    """Write the leave of every leader row; what exists already stays. `move` shifts the dates."""
    for _row, user, times in context.leave:
        for time in times:
            Availability.objects.get_or_create(
                user=user,
                starts_on=move(time.starts_on),
                ends_on=move(time.ends_on),
                half=time.half,
                weekday=time.weekday,
            )
