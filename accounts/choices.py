"""Roles, ranks and kinds of unit (DESIGN section 4)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    HALL_ADMINISTRATOR = "hall_administrator", _("Hall administrator")
    GUIDE = "guide", _("Guide")
    DIRECTOR = "director", _("Director")
    LIAISON = "liaison", _("Department liaison")
    EXPERIENCE_OFFICER = "experience_officer", _("Experience officer")
    REFORM_OFFICE = "reform_office", _("Reform office")
    AUDITOR = "auditor", _("Auditor")


class Rank(TextChoices):
    PRINCIPAL = "principal", _("Principal")
    DEPUTY = "deputy", _("Deputy")


class UnitType(TextChoices):
    RESIDENT = "resident", _("Resident department")
    NON_RESIDENT = "non_resident", _("Non-resident department")
    UTILITY = "utility", _("Supporting utility")
