"""The official announcement of a year's working days: read from a table or from typed lines, and what waits for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalog.importing.cleaning import CellError
from catalog.importing.dates import day as read_day
from catalog.importing.reading import Sheet, UnreadableError, read_content
from core import clock
from core.calendar_services import DATE_COLUMNS, MAX_NAME, MAX_ROWS, NAME_COLUMNS, NO, WORKDAY_COLUMNS, YES, CalendarRow
from core.workdays import Calendar
from issues.models import Clock
from sessions.models import Programme

LINE = re.compile(
    r"(?P<first>\d\S{0,19}?)(?:\s*(?:至|到|~|—|–)\s*(?P<last>\d\S{0,19}?))?\s+(?P<word>\S+)(?:\s+(?P<name>.*))?"
)
HEAD_ROWS = 10


def from_lines(text: str) -> list[CalendarRow]:
    """`2027-02-05 至 2027-02-11 休 春节`, one day or one run of days a line.

    Raises ValidationError that names the line, counted from 1.
    """
    found: list[CalendarRow] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            found.extend(_days_of(line.strip(), number))
        if len(found) > MAX_ROWS:
            break
    return found


def _days_of(line: str, number: int) -> Iterator[CalendarRow]:
    found = LINE.fullmatch(line)
    if found is None:
        text = _("Line %(number)d is not understood. Write it as 2027-02-05 至 2027-02-11 休 春节.")
        raise ValidationError(text % {"number": number}, code="bad_line")
    first = _date(found["first"], number)
    last = _date(found["last"], number) if found["last"] else first
    if not timedelta(0) <= last - first <= timedelta(days=366):
        raise ValidationError(_("Line %(number)d: the last day lies before the first.") % {"number": number})
    for offset in range((last - first).days + 1):
        yield _row(first + timedelta(days=offset), found["word"], found["name"] or "", number)


def from_table(name: str, content: bytes) -> list[CalendarRow]:
    """The days of a workbook or CSV with the columns 日期, 是否工作日 and, if there is one, 说明.

    Raises ValidationError in words: no table, columns missing, or the line that cannot be read.
    """
    try:
        sheets = read_content(name, content)
    except UnreadableError as error:
        raise ValidationError(str(error), code="unreadable") from error
    for sheet in sheets:
        for at, heads in enumerate(sheet.rows[:HEAD_ROWS]):
            columns = [_column(heads, names) for names in (DATE_COLUMNS, WORKDAY_COLUMNS, NAME_COLUMNS)]
            if columns[0] is not None and columns[1] is not None:
                return list(_rows_of(sheet, at + 1, columns))
    raise ValidationError(_("The file needs the columns 日期 and 是否工作日 above its days."), code="columns_missing")


def _column(heads: list[str], names: tuple[str, ...]) -> int | None:
    return next((at for at, head in enumerate(heads) if head.strip().lower() in names), None)


def _rows_of(sheet: Sheet, start: int, columns: list[int | None]) -> Iterator[CalendarRow]:
    for number, row in enumerate(sheet.rows[start:], start=start + 1):
        if any(cell.strip() for cell in row):
            stated, word, name = (row[at].strip() if at is not None and at < len(row) else "" for at in columns)
            yield _row(_date(stated, number), word, name, number)


def _date(text: str, number: int) -> date:
    if not re.match(r"\d{4}", text):
        raise ValidationError(_("Line %(number)d: the date must look like 2027-01-31.") % {"number": number})
    try:
        return read_day(text, clock.today().year)
    except CellError as error:
        raise ValidationError(
            _("Line %(number)d: the date must look like 2027-01-31.") % {"number": number}, code="bad_date"
        ) from error


def _row(day: date, word: str, name: str, number: int) -> CalendarRow:
    if word.lower() not in YES | NO:
        text = _("Line %(number)d: write 休 for a day off or 班 for a working day.")
        raise ValidationError(text % {"number": number}, code="bad_workday")
    return CalendarRow(day, word.lower() in YES, name.strip()[:MAX_NAME])


def as_lines(rows: list[CalendarRow]) -> str:
    """The same announcement as typed lines, to be carried from the preview to its confirmation."""
    return "\n".join(f"{row.date} {'班' if row.is_workday else '休'} {row.name}".rstrip() for row in rows)


@dataclass(frozen=True, slots=True)
class Run:
    """Days in a row with the same name."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Year:
    """One year of the calendar as the page shows it."""

    number: int
    workdays: int
    provisional: bool
    off: list[Run]
    made_up: list[date]


def years(calendar: Calendar) -> list[Year]:
    """What is known from this year on: working days, holidays with their run of days, make-up days; then the past."""
    found, today = [], clock.today()
    for number, group in groupby(sorted(calendar.days), key=lambda day: day.year):
        days = list(group)
        work = [day for day in days if calendar.is_workday(day)]
        off = [day for day in days if calendar.name(day) and not calendar.is_workday(day)]
        made_up = [day for day in work if day.weekday() >= 5]
        found.append(Year(number, len(work), number in calendar.provisional_years, _runs(off, calendar), made_up))
    return sorted(found, key=lambda year: (year.number < today.year, year.number))


def _runs(days: list[date], calendar: Calendar) -> list[Run]:
    runs: list[Run] = []
    for day in days:
        if runs and runs[-1].name == calendar.name(day) and runs[-1].last == day - timedelta(days=1):
            runs[-1] = Run(runs[-1].name, runs[-1].first, day)
        else:
            runs.append(Run(calendar.name(day), day, day))
    return runs


def waited_for(calendar: Calendar) -> list[int]:
    """The provisional years into which an open limit or a programme reaches: no query when none is provisional."""
    missing = [year for year in calendar.provisional_years if year >= clock.today().year]
    if not missing:
        return []
    first = date(missing[0], 1, 1)
    limits = Clock.objects.filter(stopped_at__isnull=True, due_on__gte=first).order_by().values_list("due_on__year")
    programmes = Programme.objects.filter(ends_on__gte=first).order_by().values_list("ends_on__year")
    reached = max((year for (year,) in limits.union(programmes)), default=0)
    return [year for year in missing if year <= reached]
