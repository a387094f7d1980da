"""Leaders: people with their postings. When they cannot come is handed to the app that plans sessions."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.choices import Rank
from accounts.models import Department, Posting, User
from catalog.importing.cleaning import CellError, key
from catalog.importing.context import Context
from catalog.importing.dates import day
from catalog.importing.leave import parse
from catalog.importing.report import CREATED, REJECTED, SKIPPED, UNCHANGED
from catalog.importing.rows import Row
from catalog.importing.saving import Upsert
from core import clock

RANKS = {
    "主要领导": Rank.PRINCIPAL.value,
    "主要负责人": Rank.PRINCIPAL.value,
    "主要": Rank.PRINCIPAL.value,
    "正职": Rank.PRINCIPAL.value,
    "正科": Rank.PRINCIPAL.value,
    "正科级": Rank.PRINCIPAL.value,
    "主要负责同志": Rank.PRINCIPAL.value,
    "主持工作": Rank.PRINCIPAL.value,
    "一把手": Rank.PRINCIPAL.value,
    "分管领导": Rank.DEPUTY.value,
    "分管": Rank.DEPUTY.value,
    "副职": Rank.DEPUTY.value,
    "副科": Rank.DEPUTY.value,
    "副科级": Rank.DEPUTY.value,
    "分管负责人": Rank.DEPUTY.value,
    "其他领导": Rank.DEPUTY.value,
    "班子成员": Rank.DEPUTY.value,
}


def load_leaders(context: Context, rows: list[Row]) -> None:
    """People by code and their open postings. A new person cannot sign in until somebody gives a password."""
    people = {key(user.code): user for user in User.objects.exclude(code="").select_related("department")}
    by_name = {(user.department_id, key(user.display_name)): user for user in people.values()}
    names = set(User.objects.values_list("username", flat=True))
    upsert = Upsert(context.report, context.on_conflict, User, people)
    open_ones = {posting.user_id: posting for posting in Posting.objects.filter(ends_on=None)}
    postings: list[tuple[Row, Any, dict[str, Any]]] = []
    for row in rows:
        department = context.department(row, "department_code", "department")
        code = row.code("code") or _code_of(row, department, by_name)
        row.entry.key = code
        values = {
            "code": code,
            "display_name": _display_name(row, department),
            "department_id": department.pk if department else None,
        }
        known = people.get(key(code))
        posting = _posting(row, open_ones.get(known.pk) if known else None)
        row.check_lengths(Posting, posting)
        leave = _leave(row)
        user = upsert.put(row, key(code), values, {"username": _username(code, names)})
        if user is None:
            continue
        if row.entry.status == CREATED:
            user.set_unusable_password()
        postings.append((row, user, posting | {"department_id": values["department_id"]}))
        context.leave.append((row, user, leave))
    upsert.flush()
    _save_postings(context, postings, open_ones)


def _display_name(row: Row, department: Department | None) -> str:
    """What the person is called; a table without such a column calls people by department and post."""
    return row.required("display_name") if row.has("display_name") else f"{department or ''}{row.name('title')}"


def _code_of(row: Row, department: Department | None, by_name: dict[tuple[int | None, str], User]) -> str:
    """The code of the person of that department and name; for a new one both together, the same at every import."""
    known = by_name.get((department.pk if department else None, row.key("display_name")))
    if known:
        return known.code
    row.entry.messages.append(_("No code was given; department and name serve as code"))
    return f"{department.code if department else ''}-{row.key('display_name')}"[:30]


def _username(code: str, taken: set[str]) -> str:
    name = code
    while name in taken:
        name = f"{name}_"
    taken.add(name)
    return name


def _posting(row: Row, present: Posting | None) -> dict[str, Any]:
    """Post, rank and taking part; without a column for the rank, a deputy is who is called so."""
    values: dict[str, Any] = {"title": row.name("title")} if row.has("title") or not present else {}
    if row.has("rank") or not present:
        guess = Rank.DEPUTY.value if "副" in row.raw("title") else Rank.PRINCIPAL.value
        values["rank"] = row.choice("rank", RANKS, guess)
        if not row.given("rank"):
            row.entry.messages.append(_("No rank was given; it was taken from the post"))
    if row.has("takes_part"):
        values["takes_part"] = row.yes("takes_part", default=True)
    return values


def _leave(row: Row) -> Any:
    """The times at which this person cannot come; a part that says no time rejects the row, for it would be lost."""
    doubts: list[str] = []
    try:
        found = parse(row.raw("leave"), clock.today().year, doubts) if row.given("leave") else []
    except CellError as error:
        row.refuse("leave", error)
        return []
    for doubt in dict.fromkeys(doubts):
        row.warn("leave", doubt)
    return found


def _starts_on(row: Row) -> date:
    """Since when the post is held; without a date since the start of last year, so that history can be replayed."""
    today = clock.today()
    try:
        return day(row.raw("starts_on"), today.year) if row.given("starts_on") else date(today.year - 1, 1, 1)
    except CellError as error:
        row.warn("starts_on", str(error))
        return date(today.year - 1, 1, 1)


def _save_postings(
    context: Context, postings: list[tuple[Row, Any, dict[str, Any]]], open_ones: dict[int, Posting]
) -> None:
    """One open posting a person. A change of department, title or rank follows the rule for rows that exist."""
    upsert = Upsert(context.report, context.on_conflict, Posting, open_ones)
    for row, user, values in postings:
        before = row.entry.status
        if before in (SKIPPED, REJECTED):
            continue
        upsert.put(row, user.pk, values | {"user_id": user.pk}, {"starts_on": _starts_on(row)})
        if row.entry.status in (CREATED, UNCHANGED) and before != UNCHANGED:
            row.entry.status = before
    upsert.flush()
