"""Leaders: people with their postings. When they cannot come is handed to the app that plans sessions."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.choices import Rank
from accounts.models import Department, Posting, User
from catalog.importing.cleaning import CellError, day, key
from catalog.importing.context import Context
from catalog.importing.leave import parse
from catalog.importing.report import CREATED, UNCHANGED
from catalog.importing.rows import Row
from catalog.importing.saving import Upsert
from core import clock

RANKS = {
    "主要领导": Rank.PRINCIPAL.value,
    "主要负责人": Rank.PRINCIPAL.value,
    "主要": Rank.PRINCIPAL.value,
    "正职": Rank.PRINCIPAL.value,
    "一把手": Rank.PRINCIPAL.value,
    "分管领导": Rank.DEPUTY.value,
    "分管": Rank.DEPUTY.value,
    "副职": Rank.DEPUTY.value,
    "班子成员": Rank.DEPUTY.value,
}


def load_leaders(context: Context, rows: list[Row]) -> None:
    """People by code and their open postings. A new person cannot sign in until somebody gives a password."""
    people = {key(user.code): user for user in User.objects.exclude(code="").select_related("department")}
    names = set(User.objects.values_list("username", flat=True))
    upsert = Upsert(context.report, context.on_conflict, User, people)
    postings: list[tuple[Row, Any, dict[str, Any]]] = []
    for row in rows:
        department = context.department(row, "department_code", "department")
        code = row.code("code") or _made_code(row, department)
        row.entry.key = code
        values = {
            "code": code,
            "display_name": row.name("display_name") or f"{department or ''}{row.name('title')}",
            "department_id": department.pk if department else None,
        }
        posting = _posting(row) | {"department_id": values["department_id"]}
        leave = _leave(row)
        user = upsert.put(row, key(code), values, {"username": _username(code, names)})
        if user is None:
            continue
        if row.entry.status == CREATED:
            user.set_unusable_password()
        postings.append((row, user, posting))
        context.leave.append((row, user, leave))
    upsert.flush()
    _save_postings(context, postings)


def _made_code(row: Row, department: Department | None) -> str:
    """A code for a person without one: from department and displayed name, the same at every import."""
    row.entry.messages.append(_("No code was given; department and name serve as code"))
    return f"{department.code if department else ''}-{key(row.raw('display_name'))}"[:30]


def _username(code: str, taken: set[str]) -> str:
    name = code
    while name in taken:
        name = f"{name}_"
    taken.add(name)
    return name


def _posting(row: Row) -> dict[str, Any]:
    title = row.name("title")
    guess = Rank.DEPUTY.value if "副" in title else Rank.PRINCIPAL.value
    values: dict[str, Any] = {"title": title, "rank": row.choice("rank", RANKS, guess)}
    if row.has("takes_part"):
        values["takes_part"] = row.yes("takes_part", default=True)
    return values


def _leave(row: Row) -> Any:
    """The times at which this person cannot come; a part that says no time rejects the row, for it would be lost."""
    try:
        return parse(row.raw("leave"), clock.today().year) if row.given("leave") else []
    except CellError as error:
        row.refuse("leave", error)
        return []


def _starts_on(row: Row) -> date:
    """Since when the post is held; without a date since the start of last year, so that history can be replayed."""
    today = clock.today()
    try:
        return day(row.raw("starts_on"), today.year) if row.given("starts_on") else date(today.year - 1, 1, 1)
    except CellError as error:
        row.warn("starts_on", str(error))
        return date(today.year - 1, 1, 1)


def _save_postings(context: Context, postings: list[tuple[Row, Any, dict[str, Any]]]) -> None:
    """One open posting a person. A change of department, title or rank follows the rule for rows that exist."""
    open_ones = {posting.user_id: posting for posting in Posting.objects.filter(ends_on=None)}
    upsert = Upsert(context.report, context.on_conflict, Posting, open_ones)
    for row, user, values in postings:
        before = row.entry.status
        upsert.put(row, user.pk, values | {"user_id": user.pk}, {"starts_on": _starts_on(row)})
        if row.entry.status in (CREATED, UNCHANGED) and before != UNCHANGED:
            row.entry.status = before
    upsert.flush()
