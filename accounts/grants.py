"""What one person may act for, read once per request and asked everywhere."""

from collections.abc import Iterable
from dataclasses import dataclass

RoleRow = tuple[str, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Grants:
    """Roles with their halls and departments; `led` are the departments the person leads by Posting."""

    roles: frozenset[str]
    hall_ids: dict[str, frozenset[int]]
    department_ids: dict[str, frozenset[int]]
    rank: str = ""

    @classmethod
    def build(cls, rows: Iterable[RoleRow], postings: list[tuple[int, str]], director: str) -> "Grants":
        """From role rows (role, hall id, department id) and current postings (department id, rank)."""
        halls: dict[str, set[int]] = {}
        departments: dict[str, set[int]] = {}
        roles: set[str] = set()
        for role, hall_id, department_id in rows:
            roles.add(role)
            if hall_id is not None:
                halls.setdefault(role, set()).add(hall_id)
            if department_id is not None:
                departments.setdefault(role, set()).add(department_id)
        for department_id, _rank in postings:
            roles.add(director)
            departments.setdefault(director, set()).add(department_id)
        return cls(
            frozenset(roles),
            {role: frozenset(ids) for role, ids in halls.items()},
            {role: frozenset(ids) for role, ids in departments.items()},
            postings[0][1] if postings else "",
        )

    def has(self, *roles: str) -> bool:
        """Holds at least one of these roles, for whatever hall or department."""
        return not self.roles.isdisjoint(roles)

    def halls(self, *roles: str) -> frozenset[int]:
        """The halls for which one of these roles is held."""
        return frozenset().union(*(self.hall_ids.get(role, frozenset()) for role in roles))

    def departments(self, *roles: str) -> frozenset[int]:
        """The departments for which one of these roles is held."""
        return frozenset().union(*(self.department_ids.get(role, frozenset()) for role in roles))
