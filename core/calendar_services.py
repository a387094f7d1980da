"""Writers of the official calendar: the seed from the `holidays` package and the upload of a published notice."""

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import holidays
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.calendar_models import CalendarDay

SATURDAY = 5
MAKE_UP = "调休上班"
SUBSTITUTED = "休息日"
# A single upload is a few years of days; more is a wrong file.
MAX_ROWS = 4000
MAX_YEARS = 10
MAX_NAME = 60
YES = {"是", "yes", "y", "true", "1", "班"}
NO = {"否", "no", "n", "false", "0", "休"}
DATE_COLUMNS = ("日期", "date")
WORKDAY_COLUMNS = ("是否工作日", "is_workday")
NAME_COLUMNS = ("说明", "name")


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One day of an uploaded calendar."""

    date: date
    is_workday: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """What a seed or an upload did. `changed` are the days whose answer is another one than before, a day not in
    the table before counting by its weekday: deadlines that span one of them have to be recomputed."""

    years: tuple[int, ...]
    provisional_years: tuple[int, ...]
    changed: tuple[date, ...]


def seed(years: Iterable[int]) -> CalendarChange:
    """Fill the table for whole years from the `holidays` package; days confirmed by an upload are left alone."""
    wanted = sorted(set(years))
    fresh: dict[date, CalendarDay] = {}
    for year in wanted:
        fresh |= {row.date: row for row in _official_year(year)}
    with transaction.atomic():
        present = _present(wanted)
        rows = [row for day, row in fresh.items() if day not in present or present[day].provisional]
        changed = _write(rows, present)
    return CalendarChange(tuple(wanted), _provisional(wanted), changed)


@dataclass(frozen=True, slots=True)
class CalendarPreview:
    """What an upload would do: the days that change as they would be, the years it settles and those it does not."""

    changed: tuple[CalendarRow, ...]
    confirmed: tuple[int, ...]
    provisional_years: tuple[int, ...]


def check_calendar(rows: Iterable[CalendarRow]) -> None:
    """Raises ValidationError on an empty list, a day named twice, or an upload that is too long."""
    _checked(rows)


def preview_calendar(rows: Iterable[CalendarRow]) -> CalendarPreview:
    """What `import_calendar` would do with these rows. Reads only; raises like it."""
    years, fresh, present = _planned(rows)
    changed = [row for row in fresh if row.is_workday != _before(row.date, present)]
    open_years = {row.date.year for row in fresh if row.provisional}
    waiting = {row.date.year for row in present.values() if row.provisional} | {
        year for year in years if date(year, 1, 1) not in present
    }
    return CalendarPreview(
        tuple(CalendarRow(row.date, row.is_workday, row.name) for row in changed),
        tuple(sorted(waiting - open_years)),
        tuple(sorted(open_years)),
    )


def import_calendar(rows: Iterable[CalendarRow]) -> CalendarChange:
    """Take over an uploaded calendar: whole years, or only the days of a notice that leave the weekday rule.

    A year is confirmed when the upload names one of its make-up days (a working Saturday or Sunday); days it
    does not name keep what the table has, else they follow the weekday. Raises ValidationError on an empty list, a
    day named twice, or an upload that is too long.
    """
    with transaction.atomic():
        years, fresh, present = _planned(rows)
        changed = _write(fresh, present)
    return CalendarChange(tuple(years), _provisional(years), changed)


def _planned(rows: Iterable[CalendarRow]) -> tuple[list[int], list[CalendarDay], dict[date, CalendarDay]]:
    """The years of an upload, their days as they would be, and those that are there."""
    given = _checked(rows)
    years = sorted({day.year for day in given})
    confirmed = {row.date.year for row in given.values() if row.is_workday and row.date.weekday() >= SATURDAY}
    present = _present(years)
    fresh = [_merged(day, given.get(day), present.get(day), confirmed) for year in years for day in _days(year)]
    return years, fresh, present


def rows_from_csv(text: str) -> list[CalendarRow]:
    """Read an uploaded CSV with the columns 日期, 是否工作日, 说明 (or date, is_workday, name).

    Raises ValidationError that names the line, counted as a person counts it in the file.
    """
    reader = csv.DictReader(text.lstrip("\ufeff").splitlines())
    columns = reader.fieldnames or []
    if not any(name in columns for name in DATE_COLUMNS) or not any(name in columns for name in WORKDAY_COLUMNS):
        raise ValidationError(
            _("The file needs the columns 日期 and 是否工作日 in its first line."), code="columns_missing"
        )
    return [_row(line, number) for number, line in enumerate(reader, start=2) if any(line.values())]


def _row(line: Mapping[str, str | None], number: int) -> CalendarRow:
    stated = _cell(line, WORKDAY_COLUMNS).lower()
    try:
        day = date.fromisoformat(_cell(line, DATE_COLUMNS))
    except ValueError as error:
        raise ValidationError(
            _("Line %(number)d: the date must look like 2027-01-31."), code="bad_date", params={"number": number}
        ) from error
    if stated not in YES | NO:
        raise ValidationError(
            _("Line %(number)d: 是否工作日 must be 是 or 否."), code="bad_workday", params={"number": number}
        )
    return CalendarRow(day, stated in YES, _cell(line, NAME_COLUMNS)[:MAX_NAME])


def _cell(line: Mapping[str, str | None], names: tuple[str, ...]) -> str:
    return next((value.strip() for name in names if (value := line.get(name))), "")


def _checked(rows: Iterable[CalendarRow]) -> dict[date, CalendarRow]:
    given: dict[date, CalendarRow] = {}
    for row in rows:
        if row.date in given:
            raise ValidationError(
                _("%(date)s stands in the calendar twice."), code="duplicate", params={"date": row.date.isoformat()}
            )
        if len(given) == MAX_ROWS:
            raise ValidationError(
                _("The calendar has more than %(limit)d days. Upload a few years at a time."),
                code="too_many",
                params={"limit": MAX_ROWS},
            )
        given[row.date] = row
    if not given:
        raise ValidationError(_("The calendar holds no days."), code="empty")
    if max(given).year - min(given).year >= MAX_YEARS:
        raise ValidationError(
            _("The calendar spans more than %(limit)d years. Check the dates."),
            code="too_many_years",
            params={"limit": MAX_YEARS},
        )
    return given


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=offset) for offset in range((date(year + 1, 1, 1) - first).days)]


def _merged(day: date, given: CalendarRow | None, present: CalendarDay | None, confirmed: set[int]) -> CalendarDay:
    known = given or present
    is_workday = known.is_workday if known else day.weekday() < SATURDAY
    was_provisional = present.provisional if present else True
    provisional = was_provisional and day.year not in confirmed
    return CalendarDay(date=day, is_workday=is_workday, name=known.name if known else "", provisional=provisional)


def _present(years: Iterable[int]) -> dict[date, CalendarDay]:
    return {row.date: row for row in CalendarDay.objects.filter(date__year__in=list(years))}


def _provisional(years: Iterable[int]) -> tuple[int, ...]:
    rows = CalendarDay.objects.filter(date__year__in=list(years), provisional=True)
    return tuple(sorted({day.year for day in rows.values_list("date", flat=True)}))


def _write(rows: list[CalendarDay], present: Mapping[date, CalendarDay]) -> tuple[date, ...]:
    CalendarDay.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["is_workday", "name", "provisional"],
        batch_size=200,
    )
    return tuple(sorted(row.date for row in rows if row.is_workday != _before(row.date, present)))


def _before(day: date, present: Mapping[date, CalendarDay]) -> bool:
    known = present.get(day)
    return known.is_workday if known else day.weekday() < SATURDAY


def _official_year(year: int) -> list[CalendarDay]:
    # The neighbouring years are asked for too: a New Year block reaches over the year's end.
    china = holidays.country_holidays("CN", years=[year - 1, year, year + 1], language="zh_CN")
    make_up = set(china.weekend_workdays)
    # Only the State Council's yearly notice has make-up days; the package knows none until it is out.
    provisional = not any(day.year == year for day in make_up)

    def is_workday(day: date) -> bool:
        return day in make_up or (day.weekday() < SATURDAY and day not in china)

    named = {day: _plain_name(text) for day, text in china.items()}
    return [
        CalendarDay(
            date=day,
            is_workday=is_workday(day),
            name=MAKE_UP if day in make_up else _holiday_of(day, named, is_workday),
            provisional=provisional,
        )
        for day in _days(year)
    ]


def _plain_name(text: str) -> str:
    """`春节（补假）` and `农历除夕` are both days of 春节; a swapped rest day belongs to the holiday beside it."""
    first = text.split(";")[0].split("（")[0].strip()
    if first == SUBSTITUTED:
        return ""
    return "春节" if first == "农历除夕" else first


def _holiday_of(day: date, named: Mapping[date, str], is_workday: Callable[[date], bool]) -> str:
    """The holiday whose unbroken run of free days holds `day`: its own name, else the nearest one's."""
    if is_workday(day):
        return ""
    candidates: list[tuple[int, str]] = []
    for step in (timedelta(days=-1), timedelta(days=1)):
        other = day
        while not is_workday(other):
            if named.get(other):
                candidates.append((abs((other - day).days), named[other]))
                break
            other += step
    return min(candidates)[1] if candidates else ""
