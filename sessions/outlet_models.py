"""How a hall's roster leaves the house: by hand or by schedule, into calendars, onto the screens in the hall."""

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from catalog.models import Hall
from sessions.querysets import ScreenQuerySet


class ReleaseRule(models.Model):
    """Whether a hall's week goes out by itself on its release day. A hall without a row publishes by hand.

    A scheduled release acts in the name of `set_by`, whose right is asked again each time. `told` holds which hold-ups
    people have been told of: week and reason.
    """

    hall = models.OneToOneField(Hall, models.PROTECT, related_name="release_rule")
    by_schedule = models.BooleanField(_("the roster goes out by itself"), default=False)
    at = models.TimeField(_("at"), default=time(8, 0))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    told: models.JSONField[list[list[str]], list[list[str]]] = models.JSONField(default=list, editable=False)
    history = HistoricalRecords(excluded_fields=["told"])

    class Meta:
        ordering = ["hall"]
        verbose_name = _("release rule")


class CalendarToken(models.Model):
    """The secret address of a person's calendar feed; only its SHA-256 is kept."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_token")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("created at"))


class Screen(models.Model):
    """One screen in a hall. The code pairs it once, within minutes; the token then opens this hall's roster only.

    Both are kept as SHA-256; empty when there is none.
    """

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="screens")
    name = models.CharField(_("where it hangs"), max_length=60)
    code_digest = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created at"))
    paired_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    objects = ScreenQuerySet.as_manager()

    class Meta:
        ordering = ["hall", "name", "pk"]
        verbose_name = _("hall screen")
        constraints = [
            models.UniqueConstraint(fields=["digest"], condition=~Q(digest=""), name="screen_token_once"),
            models.UniqueConstraint(fields=["code_digest"], condition=~Q(code_digest=""), name="screen_code_once"),
        ]
