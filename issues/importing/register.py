"""An imported row as the fields that `services.register` takes."""

from typing import Any

from django.utils.translation import gettext as _

from issues.importing.rows import IssueRow


def fields_of(row: IssueRow) -> dict[str, Any]:
    """Everything the register asks for; the seam is the lead department against the supporting ones."""
    names = {document.code: document.name for document in row.item.documents.all()} if row.item else {}
    return {
        "number": row.number,
        "title": row.title,
        "description": row.description,
        "steps_taken": row.steps_taken,
        "suggestion": row.suggestion,
        "hall": row.hall,
        "window": row.window,
        "found_on": row.found_on,
        "half": row.half,
        "item": row.item,
        "step_number": row.step_number,
        "step_name": row.step_name,
        "source": row.source,
        "found_by": row.finder,
        "found_by_label": row.finder_label,
        "found_by_department": row.finder_department,
        "found_as": row.found_as,
        "category": row.category,
        "cause": row.cause,
        "severity": row.severity,
        "needing_department": row.lead or (row.item.department if row.item else None),
        "holding_departments": row.supporting,
        "document_codes": row.document_codes,
        "document_names": "、".join(names[code] for code in row.document_codes if code in names)[:300],
        "note": _("From the imported register"),
    }
