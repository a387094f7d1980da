"""A seam in words: its heading and its evidence, in the reader's language."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.choices import DocumentForm, SeamKind
from catalog.item_models import plain_number
from catalog.seams import Seam, Way


def title(seam: Seam) -> str:
    """What chafes, in one sentence."""
    return TITLES[seam.kind](seam)


def evidence(seam: Seam) -> str:
    """What in the catalogue shows it."""
    return EVIDENCE[seam.kind](seam)


def way(asked: Way) -> str:
    """How a document is asked for: form, copies, format."""
    form, copies, wanted = asked
    parts = [str(DocumentForm(form).label)]
    if copies > 1:
        parts.append(ngettext("%(n)d copy", "%(n)d copies", copies) % {"n": copies})
    return _(", ").join([*parts, wanted] if wanted else parts)


def _paper(seam: Seam) -> str:
    return seam.document.name if seam.document else ""


def _asked(seam: Seam) -> str:
    row = seam.document
    return way((row.form, row.copies, row.format)) if row else ""


def _held(seam: Seam) -> str:
    form = DocumentForm(seam.document.form).label if seam.document else ""
    words = {"document": _paper(seam), "form": form}
    return _("%(document)s exists electronically, still to be brought: %(form)s") % words


def _clash(seam: Seam) -> str:
    return _("%(document)s is wanted in a form of its own") % {"document": _paper(seam)}


def _signed(seam: Seam) -> str:
    words = {"step": seam.facts["step"], "n": seam.facts["signatures"]}
    return _("Step “%(step)s” runs online, yet %(n)s people sign one by one") % words


def _windows(seam: Seam) -> str:
    windows = seam.facts["windows"]
    return _("One item, %(n)s windows: %(windows)s") % {"n": len(windows), "windows": "、".join(windows)}


def _pickup(seam: Seam) -> str:
    words = {"place": seam.facts["pickup"], "km": plain_number(seam.facts["km"])}
    return _("Handed out at %(place)s, %(km)s km away") % words


def _before(seam: Seam) -> str:
    return _("“%(item)s” comes first, though both could run side by side") % {"item": seam.facts["related"]}


def _repeated(seam: Seam) -> str:
    words = {"document": _paper(seam), "bundle": seam.facts["bundle"]}
    return _("%(document)s is asked for again within “%(bundle)s”") % words


def _held_evidence(seam: Seam) -> str:
    return _("Asked for as: %(way)s. The catalogue marks it as available for sharing.") % {"way": _asked(seam)}


def _clash_evidence(seam: Seam) -> str:
    facts = seam.facts
    words = {"way": _asked(seam), "usual": way(facts["usual"]), "n": facts["times"], "of": facts["of"]}
    return _("Here: %(way)s. Usual: %(usual)s (%(n)s of %(of)s items).") % words


def _signed_evidence(seam: Seam) -> str:
    return _(", ").join(part for part in seam.facts["said"] if part)


def _windows_evidence(seam: Seam) -> str:
    return _("Steps %(steps)s each stand at a window of their own in one hall.") % {
        "steps": "、".join(str(number) for number in seam.steps)
    }


def _pickup_evidence(seam: Seam) -> str:
    return _("Accepted at %(hall)s, handed out at %(pickup)s.") % seam.facts


def _before_evidence(seam: Seam) -> str:
    if seam.facts["said"] and seam.facts["note"]:
        return str(seam.facts["note"])
    return _("Both are accepted in one hall, and what the first yields can be fetched by the system.")


def _repeated_evidence(seam: Seam) -> str:
    return _("Already handed in for “%(earlier)s” of the same bundle.") % seam.facts


Words = Callable[[Seam], str]
TITLES: dict[str, Words] = {
    SeamKind.HELD_ELSEWHERE: _held,
    SeamKind.FORMAT_CLASH: _clash,
    SeamKind.SIGNATURES: _signed,
    SeamKind.SEVERAL_WINDOWS: _windows,
    SeamKind.PICKUP_ELSEWHERE: _pickup,
    SeamKind.PREREQUISITE_ELSEWHERE: _before,
    SeamKind.REPEATED_IN_BUNDLE: _repeated,
}
EVIDENCE: dict[str, Words] = {
    SeamKind.HELD_ELSEWHERE: _held_evidence,
    SeamKind.FORMAT_CLASH: _clash_evidence,
    SeamKind.SIGNATURES: _signed_evidence,
    SeamKind.SEVERAL_WINDOWS: _windows_evidence,
    SeamKind.PICKUP_ELSEWHERE: _pickup_evidence,
    SeamKind.PREREQUISITE_ELSEWHERE: _before_evidence,
    SeamKind.REPEATED_IN_BUNDLE: _repeated_evidence,
}
