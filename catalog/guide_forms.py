"""The one page of an item: its facts, steps, documents and relations, whoever fills it in and for what."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Department
from catalog.comparing import Difference, differences, readable_for
from catalog.forms import (
    DocumentFormSet,
    ItemForm,
    RelationFormSetClass,
    RequiredDocumentForm,
    StepForm,
    StepFormSet,
    relation_rows,
)
from catalog.models import GuideRevision, Prerequisite, ServiceItem, Window
from catalog.part_forms import arranged, initial_rows, quiet
from catalog.snapshots import relations_of

CONFLICT = 409
STEP_NAMES = [name for name in StepForm.base_fields if name != "pk"]
DOCUMENT_NAMES = [name for name in RequiredDocumentForm.base_fields if name != "pk"]


MOST_BEHIND = 50


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What somebody else saved while a form stood open: the last revision, and all changes since the opening.

    `stands` says what stands now where there is no earlier revision to compare with.
    """

    revision: GuideRevision
    changes: list[Difference]
    stands: Mapping[str, str]


@dataclass(slots=True)
class GuideForms:
    """The four forms over one item: what was typed, or what stands. `asked` says that somebody wants it saved."""

    item: ServiceItem
    form: ItemForm
    steps: Any
    documents: Any
    relations: Any
    asked: bool
    hidden: list[Prerequisite]
    meanwhile: Meanwhile | None = None

    @classmethod
    def of(cls, request: HttpRequest, item: ServiceItem) -> "GuideForms":
        """For a request; pressing a button that only arranges rows is no wish to save."""
        moved = arranged(request.POST) if request.method == "POST" else None
        typed = moved if moved is not None else request.POST if request.method == "POST" else None
        visible = ServiceItem.objects.visible_to(request.user)
        known = item.pk is not None
        related = relations_of([item.pk])[item.pk] if known else []
        allowed = set(visible.filter(pk__in=[row.related_id for row in related]).values_list("pk", flat=True))
        shown = [row for row in related if row.related_id in allowed]
        documents = item.documents.select_related("source_department").order_by("number") if known else []
        found = cls(
            item,
            # The form may write into its instance while it checks; the page keeps showing the item as it stands.
            ItemForm(typed, instance=copy(item), initial={"version": item.version}),
            StepFormSet(
                typed, prefix="steps", initial=initial_rows(item.steps.order_by("number") if known else [], STEP_NAMES)
            ),
            DocumentFormSet(typed, prefix="documents", initial=initial_rows(documents, DOCUMENT_NAMES)),
            RelationFormSetClass(typed, prefix="relations", initial=relation_rows(shown)),
            asked=request.method == "POST" and moved is None,
            hidden=[row for row in related if row.related_id not in allowed],
        )
        found.relations.items, found.relations.own = visible, item.pk
        _share_choices(found.form, found.documents)
        if moved is not None:
            quiet(found.form)
            for rows in found.parts:
                rows.hush()
        return found

    @property
    def parts(self) -> tuple[Any, Any, Any]:
        return self.steps, self.documents, self.relations

    def ready(self) -> bool:
        """Everything is filled in as it should be, and it is to be saved."""
        return self.asked and all(part.is_valid() for part in (self.form, *self.parts))

    @property
    def status(self) -> int:
        """400 for a page that was to be saved and was not, 409 where somebody else was first."""
        return CONFLICT if self.meanwhile else 400 if self.asked else 200

    def overtaken(self, user: Any, stands: Mapping[str, str]) -> None:
        """Somebody saved first: all that was typed stays, and the next save goes on top of what stands now."""
        now = ServiceItem.objects.get(pk=self.item.pk)
        behind = max(1, min(now.version - self.form.cleaned_data["version"], MOST_BEHIND))
        revisions = list(now.revisions.select_related("created_by").order_by("-number")[: behind + 1])
        sides = readable_for(user, revisions[-1].snapshot, revisions[0].snapshot)
        self.meanwhile = Meanwhile(revisions[0], differences(*sides), {} if revisions[1:] else stands)
        typed: Any = copy(self.form.data)
        typed["version"] = str(now.version)
        self.form.data = typed

    @property
    def wrong_rows(self) -> bool:
        """Some row needs another look."""
        return self.asked and any(part.is_bound and part.total_error_count() for part in self.parts)

    def change(self) -> dict[str, Any]:
        """What `services.save_item` takes: the fields and all rows, with the relations that this reader cannot see."""
        return {
            "fields": self.form.item_fields,
            "steps": _with_windows(self.item, self.steps.rows()),
            "documents": self.documents.rows(),
            "relations": [
                *({name: row[name] for name in ("related", "relation", "note")} for row in self.relations.rows()),
                *({"related": row.related, "relation": row.relation, "note": row.note} for row in self.hidden),
            ],
        }

    def why(self) -> dict[str, Any]:
        """The version the page was opened at, the reason, and the issue it comes from."""
        return {name: self.form.cleaned_data[name] for name in ("version", "reason", "issue_number")}

    def typed(self) -> dict[str, str]:
        """What was sent, in the order and words of the 409 page."""
        shown = ("name", "statutory_days", "committed_days", "trips", "result_name", "note", "reason")
        typed = {str(self.form.fields[name].label): str(self.form.cleaned_data.get(name) or "") for name in shown}
        typed[_("Steps")] = " → ".join(row["name"] for row in self.steps.rows())
        typed[_("Documents")] = "、".join(row["name"] for row in self.documents.rows())
        return typed


def _share_choices(form: Any, documents: Any) -> None:
    """One query each for departments and windows, however many selects show them."""
    departments = Department.objects.all()
    named = [(row.pk, row.label) for row in departments]
    windows = [(row.pk, str(row)) for row in Window.objects.all()]
    form.fields["department"].widget.choices = [("", "—"), *named]
    for name in ("window", "pickup_window"):
        form.fields[name].widget.choices = [("", _("Nowhere")), *windows]
    for row in documents:
        row.fields["source_department"].queryset = departments
        row.fields["source_department"].widget.choices = [("", _("Nobody of this district")), *named]


def _with_windows(item: ServiceItem, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Steps whose place is a window number point to that window: of the item's hall first, else where it is unique."""
    found: dict[str, list[Window]] = {}
    for window in Window.objects.filter(number__in={row["place"] for row in rows}):
        found.setdefault(window.number, []).append(window)
    hall = item.window.hall_id if item.window else None
    for row in rows:
        here = found.get(row["place"], [])
        near = [window for window in here if window.hall_id == hall] or here
        row["window"] = near[0] if len(near) == 1 else None
    return rows
