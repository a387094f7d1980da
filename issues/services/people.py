"""Whom a notice concerns."""

from accounts.choices import Role
from accounts.models import Department, Posting, User
from core import clock
from issues.models import Issue


def liaisons(department: Department | None) -> list[User]:
    """Those who work for the department; nobody where no department leads."""
    if department is None:
        return []
    return list(User.objects.filter(role_grants__role=Role.LIAISON, role_grants__department=department).distinct())


def directors(department: Department | None) -> list[User]:
    """Those who lead the department today."""
    current = Posting.objects.current(clock.today()).filter(department=department)
    return list(User.objects.filter(postings__in=current).distinct())


def officers() -> list[User]:
    """The reform office."""
    return list(User.objects.filter(role_grants__role=Role.REFORM_OFFICE).distinct())


def raisers(issue: Issue) -> list[User]:
    """Who found it and who wrote it down."""
    return [user for user in (issue.found_by, issue.registered_by) if user is not None]
