"""The official calendar: seeded, uploaded, and equal to the notice of the State Council."""

import csv
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from core import workdays
from core.calendar_models import CalendarDay
from core.calendar_services import CalendarRow, import_calendar, rows_from_csv, seed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_calendar_yet(db: None) -> None:
    CalendarDay.objects.all().delete()


def demo_rows() -> list[CalendarRow]:
    return rows_from_csv((settings.DEMO_DIR / "workdays_2026.csv").read_text(encoding="utf-8"))


def notice_2027() -> list[CalendarRow]:
    """A made-up notice: it names only the days that leave the weekday rule."""
    return [
        CalendarRow(date(2027, 2, 5), False, "春节"),
        CalendarRow(date(2027, 2, 11), False, "春节"),
        CalendarRow(date(2027, 2, 20), True, "调休上班"),
    ]


def test_seed_equals_the_published_calendar_on_all_365_days() -> None:
    seed([2026])
    seeded = {(row.date, row.is_workday, row.name) for row in CalendarDay.objects.all()}
    assert len(seeded) == 365
    assert seeded == {(row.date, row.is_workday, row.name) for row in demo_rows()}


def test_demo_file_is_read_with_its_byte_order_mark() -> None:
    with (settings.DEMO_DIR / "workdays_2026.csv").open(encoding="utf-8-sig") as file:
        plain = [line["是否工作日"] == "是" for line in csv.DictReader(file)]
    assert [row.is_workday for row in demo_rows()] == plain


def test_a_published_year_is_not_provisional_and_a_coming_one_is() -> None:
    change = seed([2026, 2027])
    assert change.years == (2026, 2027)
    assert change.provisional_years == (2027,)
    assert workdays.load().provisional_years == (2027,)


@pytest.mark.parametrize("year", range(2018, 2027))
def test_every_past_year_has_make_up_days(year: int) -> None:
    assert seed([year]).provisional_years == ()
    rows = CalendarDay.objects.filter(is_workday=True)
    assert [row for row in rows if row.date.weekday() >= 5]


def test_seeding_again_changes_nothing() -> None:
    first = seed([2026])
    assert date(2026, 10, 10) in first.changed
    assert date(2026, 10, 1) in first.changed
    assert date(2026, 10, 3) not in first.changed  # a Saturday is free with or without the notice
    assert seed([2026]).changed == ()
    assert CalendarDay.objects.count() == 365


def test_new_year_over_the_end_of_the_year_keeps_its_name() -> None:
    seed([2022, 2023])
    assert CalendarDay.objects.get(date=date(2022, 12, 31)).name == "元旦"
    assert CalendarDay.objects.get(date=date(2023, 1, 2)).name == "元旦"


def test_upload_confirms_a_provisional_year_and_names_what_changed() -> None:
    seed([2027])
    change = import_calendar(notice_2027())
    assert change.provisional_years == ()
    assert change.changed == (date(2027, 2, 11), date(2027, 2, 20))
    assert workdays.load().provisional_years == ()


def test_upload_keeps_the_days_it_does_not_name() -> None:
    seed([2027])
    import_calendar(notice_2027())
    assert CalendarDay.objects.get(date=date(2027, 10, 1)).name == "国庆节"
    assert CalendarDay.objects.count() == 365


def test_upload_without_make_up_days_stays_provisional() -> None:
    change = import_calendar([CalendarRow(date(2028, 1, 3), False, "元旦")])
    assert change.provisional_years == (2028,)
    assert change.changed == (date(2028, 1, 3),)
    assert CalendarDay.objects.count() == 366


def test_seed_does_not_undo_an_upload() -> None:
    import_calendar(notice_2027())
    assert seed([2027]).changed == ()
    assert CalendarDay.objects.get(date=date(2027, 2, 20)).is_workday


def test_upload_of_a_whole_year_is_equal_to_its_file() -> None:
    import_calendar(demo_rows())
    assert list(CalendarDay.objects.values_list("date", "is_workday", "name")) == [
        (row.date, row.is_workday, row.name) for row in demo_rows()
    ]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "empty"),
        ([CalendarRow(date(2027, 1, 1), False)] * 2, "duplicate"),
        ([CalendarRow(date(1027, 1, 1), False), CalendarRow(date(2027, 1, 1), False)], "too_many_years"),
        ([CalendarRow(date(2020, 1, 1) + timedelta(days=i), True) for i in range(4001)], "too_many"),
    ],
)
def test_a_wrong_upload_is_refused_whole(rows: list[CalendarRow], code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        import_calendar(rows)
    assert caught.value.code == code
    assert CalendarDay.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "columns_missing"),
        ("a,b\n1,2", "columns_missing"),
        ("日期,是否工作日\n2027/1/1,是", "bad_date"),
        ("日期,是否工作日\n2027-13-01,是", "bad_date"),
        ("日期,是否工作日\n2027-01-01,也许", "bad_workday"),
        ("date,is_workday\n2027-01-01,", "bad_workday"),
    ],
)
def test_a_wrong_file_is_refused(text: str, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        rows_from_csv(text)
    assert caught.value.code == code


def test_english_columns_are_read_and_empty_lines_skipped() -> None:
    rows = rows_from_csv("date,is_workday,name\n2027-02-20, Yes ,make-up\n,,\n")
    assert rows == [CalendarRow(date(2027, 2, 20), True, "make-up")]
