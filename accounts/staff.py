"""Everybody who acts for a department, a hall or the reform office today, read at once: for what the clock sends."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Self

from accounts.choices import Role
from accounts.models import Posting, RoleGrant, User
from core import clock

Scope = tuple[str, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Staff:
    """Active people by role, hall and department; two queries whatever their number."""

    people: dict[Scope, list[User]]

    @classmethod
    def load(cls) -> Self:
        found: dict[Scope, list[User]] = defaultdict(list)
        for grant in RoleGrant.objects.filter(user__is_active=True).select_related("user").order_by("pk"):
            found[(grant.role, grant.hall_id, grant.department_id)].append(grant.user)
        current = Posting.objects.current(clock.today()).filter(user__is_active=True)
        for posting in current.select_related("user").order_by("pk"):
            found[(Role.DIRECTOR.value, None, posting.department_id)].append(posting.user)
        return cls(dict(found))

    def of_department(self, role: str, department_id: int | None) -> list[User]:
        """Those who hold the role for this department."""
        return self.people.get((role, None, department_id), []) if department_id else []

    def of_hall(self, role: str, hall_id: int) -> list[User]:
        """Those who hold the role for this hall."""
        return self.people.get((role, hall_id, None), [])

    def office(self) -> list[User]:
        """The reform office."""
        return self.people.get((Role.REFORM_OFFICE.value, None, None), [])

    def holding(self, role: str) -> dict[int, User]:
        """Everybody who holds the role anywhere, by key."""
        return {user.pk: user for scope, users in self.people.items() if scope[0] == role for user in users}
