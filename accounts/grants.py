"""What one person may act for, read once per request and asked everywhere."""

from collections.abc import Iterable
from dataclasses import dataclass

RoleRow = tuple[str, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Grants:
    """Roles with their halls and departments; `everywhere` are the roles held by a grant that names no hall."""

    roles: frozenset[str]
    hall_ids: dict[str, frozenset[int]]
    department_ids: dict[str, frozenset[int]]
    rank: str = ""
    everywhere: frozenset[str] = frozenset()

    @classmethod
    def build(cls, rows: Iterable[RoleRow], postings: list[tuple[int, str]], director: str) -> "Grants":
        """From role rows (role, hall id, department id) and current postings (department id, rank)."""
        halls: dict[str, set[int]] = {}
        departments: dict[str, set[int]] = {}
        roles: set[str] = set()
        everywhere: set[str] = set()
        for role, hall_id, department_id in rows:
            roles.add(role)
            if hall_id is None:
                everywhere.add(role)
            else:
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
            frozenset(everywhere),
        )

    def has(self, *roles: str) -> bool:
        """Holds at least one of these roles, for whatever hall or department."""
        return not self.roles.isdisjoint(roles)

    def halls(self, *roles: str) -> frozenset[int]:
        """The halls for which one of these roles is held."""
        return frozenset().union(*(self.hall_ids.get(role, frozenset()) for role in roles))

    def in_hall(self, role: str, hall_id: int | None) -> bool:
        """Holds this role for this hall: by a grant for it, or by one that names no hall and so counts for all."""
        return role in self.everywhere or (hall_id is not None and hall_id in self.halls(role))

    def departments(self, *roles: str) -> frozenset[int]:
        """The departments for which one of these roles is held."""
        return frozenset().union(*(self.department_ids.get(role, frozenset()) for role in roles))
