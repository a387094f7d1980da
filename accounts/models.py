"""People, departments and what each person may act for."""

from datetime import date, datetime
from typing import ClassVar

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import BigIntegerField, F, Q, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.choices import Rank, Role, UnitType
from accounts.grants import Grants
from core import clock


class Department(models.Model):
    """A bureau or supporting unit (部门、单位). Short names are unique: people say them."""

    code = models.CharField(_("department code"), max_length=20, unique=True)
    name = models.CharField(_("department name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=30, unique=True)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    former_names = models.JSONField(_("former names"), default=list, blank=True)
    unit_type = models.CharField(_("kind of unit"), max_length=20, choices=UnitType.choices, default=UnitType.RESIDENT)
    in_comprehensive = models.BooleanField(_("served at integrated windows"), default=False)
    participates = models.BooleanField(_("takes part in walk-throughs"), default=False)
    sort_order = models.PositiveIntegerField(_("order"), default=0)
    note = models.CharField(_("remark"), max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["sort_order", "code"]
        verbose_name = _("department")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The short name in the reader's language."""
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.short_name


class PersonManager(UserManager["User"]):
    """Django's, with the words by which accounts are read."""

    def signing_in(self) -> "models.QuerySet[User]":
        """Accounts that could sign in: of active people, with a password."""
        return self.filter(is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)

    def idle_since(self, moment: datetime) -> "models.QuerySet[User]":
        """Accounts that could sign in and have not since `moment`."""
        used = Greatest(Coalesce("last_login", "date_joined"), Coalesce("enabled_at", "date_joined"), "date_joined")
        return self.signing_in().filter(disabled_at=None).alias(used_at=used).filter(used_at__lt=moment)


class User(AbstractUser):
    """A person who signs in. People appear by role label (`display_name`), never by more than that.

    An account that nobody uses is switched off (`disabled_at`): it opens no page, but its person keeps posting, roles
    and notices. Who has left altogether is not active.
    """

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    code = models.CharField(_("person code"), max_length=30, blank=True, db_index=True)
    display_name = models.CharField(_("displayed name"), max_length=100)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=_("department")
    )
    must_change_password = models.BooleanField(default=False)
    wants_mail = models.BooleanField(
        _("Send me e-mail"),
        default=True,
        help_text=_("The morning digest and notices. The inbox has them anyway."),
    )
    disabled_at = models.DateTimeField(_("switched off"), null=True, blank=True, editable=False)
    enabled_at = models.DateTimeField(_("switched on again"), null=True, blank=True, editable=False)
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]
    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        ordering = ["code", "username"]

    def __str__(self) -> str:
        return self.display_name

    @property
    def department_code(self) -> str:
        """The code that the ledger notes beside an act; empty for people of no department."""
        return self.department.code if self.department else ""

    @cached_property
    def grants(self) -> Grants:
        """What this person may act for today (one query, once per request)."""
        led = self.postings.current(clock.today()).order_by()
        postings = led.values_list(Value(Role.DIRECTOR.value), Value(None, BigIntegerField()), "department_id", "rank")
        roles = self.role_grants.order_by().values_list("role", "hall_id", "department_id", Value(""))
        rows = list(roles.union(postings, all=True))
        led_now = [(department_id, rank) for _role, _hall_id, department_id, rank in rows if rank]
        return Grants.build([row[:3] for row in rows if not row[3]], led_now, Role.DIRECTOR)


class PostingQuerySet(models.QuerySet["Posting"]):
    def current(self, day: date) -> "PostingQuerySet":
        """Postings in force on `day`."""
        return self.filter(Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class Posting(models.Model):
    """Who leads which department, at which rank, from when until when. Makes a person a director."""

    user = models.ForeignKey(User, models.PROTECT, related_name="postings", verbose_name=_("person"))
    department = models.ForeignKey(Department, models.PROTECT, related_name="postings", verbose_name=_("department"))
    title = models.CharField(_("post"), max_length=50)
    rank = models.CharField(_("rank"), max_length=20, choices=Rank.choices)
    takes_part = models.BooleanField(_("takes part"), default=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    history = HistoricalRecords()
    objects = PostingQuerySet.as_manager()

    class Meta:
        ordering = ["department__sort_order", "user__code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="posting_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(ends_on__isnull=True), name="posting_one_open_per_person"
            ),
        ]


class RoleGrant(models.Model):
    """(user, role, hall or department or nothing). One person may hold several."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_grants", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)
    hall = models.ForeignKey(
        "catalog.Hall", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hall")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(hall__isnull=True, department__isnull=True),
                name="role_grant_everywhere_once",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "hall"], condition=Q(hall__isnull=False), name="role_grant_per_hall_once"
            ),
            models.UniqueConstraint(
                fields=["user", "role", "department"],
                condition=Q(department__isnull=False),
                name="role_grant_per_department_once",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.LIAISON) | Q(department__isnull=False), name="liaison_names_department"
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[Role.HALL_ADMINISTRATOR, Role.GUIDE]) | Q(hall__isnull=False),
                name="hall_role_names_hall",
            ),
        ]
