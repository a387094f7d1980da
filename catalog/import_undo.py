"""Taking the last import back: everything as it was before, as long as nothing was built on it."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from catalog.choices import ImportStatus
from catalog.import_models import CatalogImport, ImportJournal
from catalog.importing.guides import next_revisions
from catalog.importing.headers import kind_label
from catalog.models import GuideRevision, ServiceItem
from catalog.permissions import may
from core import clock
from core.doors import WrongState, require

audit = logging.getLogger("huanwei.audit")
_CHUNK = 500
_KINDS = {
    "accounts.department": "department",
    "accounts.user": "leader",
    "catalog.hall": "hall",
    "catalog.window": "window",
    "catalog.serviceitem": "item",
    "catalog.procedurestep": "step",
    "catalog.requireddocument": "document",
    "catalog.prerequisite": "relation",
    "catalog.servicebundle": "bundle",
    "catalog.bundleitem": "bundle_item",
}
_ITEM, _REVISION = "catalog.serviceitem", "catalog.guiderevision"


def summary(journal: ImportJournal) -> list[tuple[str, int, int]]:
    """What an undo would take away and set back: (name of the kind of row, created, changed)."""
    created, updated = journal.changes["created"], journal.changes["updated"]
    shown = [label for label in journal.changes["order"] if label not in (_REVISION, "catalog.seamruling")]
    labels = [label for label in shown if label in created or label in updated]
    return [(_name(label), len(created.get(label, ())), len(updated.get(label, ()))) for label in labels]


def _name(label: str) -> str:
    """What rows of a model are called on pages."""
    others = {
        "catalog.zone": _("Zones"),
        "catalog.simulationpack": _("Simulation packs"),
        _REVISION: _("Service guides"),
        "catalog.seamruling": _("Decisions about seams"),
        "accounts.posting": _("Posts"),
        "window_sessions.availability": _("Absences"),
    }
    return others.get(label) or kind_label(_KINDS.get(label, label))


def reason(journal: ImportJournal | None) -> str:
    """Why this import cannot be undone, in words; "" when it can."""
    if journal is None:
        return _("This import changed nothing.")
    if journal.undone_at:
        return _("This import is taken back already.")
    if ImportJournal.objects.filter(pk__gt=journal.pk, undone_at=None).exists():
        return _("Another import came after it. Only the last one can be taken back.")
    return next(_obstacles(journal.changes), "")


def _obstacles(changes: Mapping[str, Any]) -> Iterator[str]:
    created = {label: set(keys) for label, keys in changes["created"].items()}
    for label in changes["order"]:
        model = apps.get_model(label)
        touched = created.get(label, set()) | {int(key) for key in changes["updated"].get(label, {})}
        yield from _edited(model, touched, changes)
        yield from _leant_on(model, created.get(label, set()), changes)
    yield from _revised(changes, created)


def _edited(model: type[models.Model], keys: set[int], changes: Mapping[str, Any]) -> Iterator[str]:
    """Somebody has changed or deleted one of the rows since."""
    label = model._meta.label_lower
    if hasattr(model, "history"):
        later = model.history.filter(history_id__gt=changes["marks"].get(label, 0))
        if any(later.filter(**{f"{model._meta.pk.name}__in": some}).exists() for some in _chunks(keys)):
            yield _("%(kind)s that it brought were changed since.") % {"kind": _name(label)}
        return
    present = sum(model._default_manager.filter(pk__in=some).count() for some in _chunks(keys))
    if present < len(keys) or not _as_left(model, changes["updated"].get(label, {})):
        yield _("%(kind)s that it brought were changed since.") % {"kind": _name(label)}


def _as_left(model: type[models.Model], updated: Mapping[str, dict[str, list[Any]]]) -> bool:
    rows = model._default_manager.in_bulk([int(key) for key in updated])
    return all(
        getattr(rows[int(key)], field) == _value(model, field, new)
        for key, fields in updated.items()
        for field, (_old, new) in fields.items()
    )


def _leant_on(model: type[models.Model], keys: set[int], changes: Mapping[str, Any]) -> Iterator[str]:
    """A row that did not come with the import points to one that did."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not keys or not isinstance(relation, models.ManyToOneRel) or hasattr(relation.related_model, "history_id"):
            continue
        column, own = _owner(relation, changes)
        for some in _chunks(keys):
            rows = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": some})
            if any(key not in own for key in rows.values_list(column, flat=True).iterator()):
                yield _("%(kind)s that it brought are used by what was made since.") % {
                    "kind": _name(model._meta.label_lower)
                }
                break


def _owner(relation: models.ManyToOneRel, changes: Mapping[str, Any]) -> tuple[str, set[int]]:
    """By which column a pointing row shows whose it is, and which keys in it are the import's.

    The pairs of a many-to-many field belong to the row that has the field.
    """
    pointing = relation.related_model
    source: Any = pointing._meta.auto_created
    if not source:
        label, names = pointing._meta.label_lower, {relation.field.name, relation.field.attname}
        moved = {int(key) for key, fields in changes["updated"].get(label, {}).items() if names & fields.keys()}
        return "pk", moved | set(changes["created"].get(label, ()))
    label = source._meta.label_lower
    column = next(f for f in pointing._meta.fields if f.is_relation and f.related_model is source).attname
    ours = set(changes["created"].get(label, ())) | {
        key for name, key, _field, _old in changes["many"] if name == label
    }
    return column, ours


def _revised(changes: Mapping[str, Any], created: Mapping[str, set[int]]) -> Iterator[str]:
    """A guide has a later revision than the import's."""
    ours = created.get(_REVISION, set())
    items = {
        item
        for some in _chunks(ours)
        for item in GuideRevision.objects.filter(pk__in=some).values_list("item_id", flat=True)
    }
    for some in _chunks(items):
        later = GuideRevision.objects.filter(item_id__in=some, pk__gt=max(ours)).exclude(pk__in=ours)
        if later.exists():
            yield _("Service guides that it brought have a later revision.")
            return


def undo(journal: ImportJournal, actor: Any) -> None:
    """Set everything back in one transaction. Raises WrongState with the reason when something was built on it."""
    try:
        with transaction.atomic():
            fresh = ImportJournal.objects.select_for_update(of=("self",)).get(pk=journal.pk)
            _hold(fresh.changes)
            if why_not := reason(fresh):
                raise WrongState(why_not)
            _restore(fresh.changes, actor)
            fresh.undone_by, fresh.undone_at = actor, clock.now()
            fresh.save(update_fields=["undone_by", "undone_at"])
            if fresh.catalog_import_id:
                status = {"status": ImportStatus.UNDONE, "updated_at": clock.now()}
                CatalogImport.objects.filter(pk=fresh.catalog_import_id).update(**status)
    except (IntegrityError, models.ProtectedError) as error:
        raise WrongState(_("Something depends on what this import brought; it cannot be taken back.")) from error
    audit.info("catalogue import taken back: user=%s journal=%s", getattr(actor, "pk", None), journal.pk)


def _hold(changes: Mapping[str, Any]) -> None:
    """Lock every row that came or changed before looking what leans on it.

    Deletes cascade to parts, and a part that somebody adds between the look and the delete would go without a word.
    Whoever writes such a row waits now; whoever was first is seen by the look.
    """
    for label in changes["order"]:
        keys = {*changes["created"].get(label, ()), *map(int, changes["updated"].get(label, ()))}
        for some in _chunks(sorted(keys)):
            rows = apps.get_model(label)._default_manager.select_for_update().filter(pk__in=some).order_by("pk")
            list(rows.values_list("pk", flat=True))


def ask_undo(row: CatalogImport, actor: Any) -> ImportJournal:
    """Check that it can be undone and mark it as being undone. Raises WrongState."""
    require(may(actor, "import_catalogue"))
    journal = ImportJournal.objects.filter(catalog_import=row).first()
    why_not = reason(journal)
    if why_not or journal is None:
        raise WrongState(why_not, back_url=reverse("catalog:import_result", args=[row.pk]))
    now = clock.now()
    done = CatalogImport.objects.filter(pk=row.pk, status=ImportStatus.DONE)
    if not done.update(status=ImportStatus.UNDOING, began_at=now, updated_at=now):
        raise WrongState(_("This import is taken back already."))
    return journal


def _restore(changes: Mapping[str, Any], actor: Any) -> None:
    """Old values first, so that nothing points to what is deleted then; last of all what was there before."""
    for label, key, name, before in changes["many"]:
        getattr(apps.get_model(label)._default_manager.get(pk=key), name).set(before)
    created, updated = changes["created"], changes["updated"]
    backwards = [label for label in reversed(changes["order"]) if label != _REVISION]
    for label in backwards:
        _set_back(apps.get_model(label), updated.get(label, {}))
    for label in backwards:
        if label == _ITEM:
            _delete(GuideRevision, created.get(_REVISION, ()), item__in=set(created.get(_ITEM, ())))
        _delete(apps.get_model(label), created.get(label, ()))
    for gone in reversed(changes["deleted"]):
        model = apps.get_model(gone["model"])
        model._default_manager.create(**{name: _value(model, name, kept) for name, kept in gone["values"].items()})
    _write_guides(set(created.get(_REVISION, ())), actor)


def _set_back(model: type[models.Model], rows: Mapping[str, dict[str, list[Any]]]) -> None:
    kept = model._default_manager.in_bulk([int(key) for key in rows])
    for key, fields in rows.items():
        for field, (old, _new) in fields.items():
            setattr(kept[int(key)], field, _value(model, field, old))
    names = sorted({model._meta.get_field(field).name for fields in rows.values() for field in fields})
    for some in _chunks(kept.values()):
        if hasattr(model, "history"):
            bulk_update_with_history(some, model, names, batch_size=_CHUNK)
        else:
            model._default_manager.bulk_update(some, names, batch_size=_CHUNK)


def _delete(model: type[models.Model], keys: Iterable[int], **where: Any) -> None:
    for some in _chunks(keys):
        rows = model._default_manager.filter(pk__in=some)
        if where:
            rows = rows.filter(**{name: list(value) for name, value in where.items()})
        rows.delete()


def _write_guides(revisions: set[int], actor: Any) -> None:
    """Items that were there before get a revision that says so; their version counts on, open forms turn stale."""
    for some in _chunks(revisions):
        items = list(ServiceItem.objects.filter(revisions__in=some).select_related("department").distinct())
        next_revisions(items, actor, _("Import taken back"))


def _value(model: type[models.Model], name: str, kept: Any) -> Any:
    """What was kept as JSON, as the column holds it."""
    column = next(column for column in model._meta.concrete_fields if name in (column.name, column.attname))
    return kept if kept is None or column.is_relation else column.to_python(kept)


def _chunks(keys: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(keys)
    while some := list(islice(left, _CHUNK)):
        yield some
