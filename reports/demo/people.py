"""The people of the demo: one log-in a role, and a liaison without log-in for every other department."""

import os
from dataclasses import dataclass
from pathlib import Path

from accounts import services
from accounts.choices import Role, UnitType
from accounts.models import Department, User
from catalog.models import Hall
from issues.importing.replay import Actors

DEMO_DIRECTOR = "L027"  # 交通局局长（示例）
DEMO_LIAISON_DEPARTMENT = "D02"  # 自然资源和规划局


@dataclass(frozen=True, slots=True)
class Login:
    """One line of `var/demo-logins.txt`."""

    role: str
    user: User
    password: str


def make_staff() -> tuple[Actors, User, User, list[User]]:
    """Officers, liaisons, administrator and guide; and those of them who get a log-in."""
    hall = Hall.objects.order_by("km_from_main", "code")[0]
    office = Department.objects.filter(short_name="政数局").first()
    administrator = _person("hall_admin", f"{hall.name}大厅管理员（示例）")
    services.grant_role(administrator, Role.HALL_ADMINISTRATOR, hall_id=hall.pk)
    for other in Hall.objects.exclude(pk=hall.pk):
        services.grant_role(administrator, Role.HALL_ADMINISTRATOR, hall_id=other.pk)
    guide = _person("guide", "导办员甲（示例）")
    services.grant_role(guide, Role.GUIDE, hall_id=hall.pk)
    experience = _person("officer", "政务服务体验员（示例）")
    services.grant_role(experience, Role.EXPERIENCE_OFFICER, hall_id=hall.pk)
    reform = _person("reform", "改革办主办（示例）", office)
    second = _person("reform2", "改革办复核（示例）", office)
    for officer in (reform, second):
        services.grant_role(officer, Role.REFORM_OFFICE)
    auditor = _person("auditor", "审计监督员（示例）")
    services.grant_role(auditor, Role.AUDITOR)
    liaisons = {department.pk: _liaison(department) for department in Department.objects.all()}
    shown = Department.objects.get(code=DEMO_LIAISON_DEPARTMENT)
    people = [administrator, guide, liaisons[shown.pk], experience, reform, second, auditor]
    return Actors(reform, second, experience, liaisons), administrator, guide, people


def _person(username: str, name: str, department: Department | None = None) -> User:
    return services.create_account(username, name, department=department)


def _liaison(department: Department) -> User:
    suffix = "" if department.unit_type != UnitType.UTILITY else "（配套）"
    shown = department.code == DEMO_LIAISON_DEPARTMENT
    username = "liaison" if shown else f"liaison_{department.code.lower()}"
    user = _person(username, f"{department.short_name}联络员{suffix}（示例）", department)
    services.grant_role(user, Role.LIAISON, department=department)
    return user


def give_logins(people: list[User]) -> list[Login]:
    """A random password for each, with the demo director among them."""
    director = User.objects.get(code=DEMO_DIRECTOR)
    director.username = "director"
    director.save(update_fields=["username"])
    roles = {"director": Role.DIRECTOR.value}
    logins = []
    for user in [*people, director]:
        password = services.random_password()
        services.give_password(user, password, must_change=False)
        grant = user.role_grants.first()
        logins.append(Login(roles.get(user.username) or (grant.role if grant else ""), user, password))
    return logins


def write_logins(logins: list[Login], path: Path) -> None:
    """One `role username password` a line, readable by the owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{login.role} {login.user.username} {login.password}\n" for login in logins)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        stream.write(lines)
    path.chmod(0o600)
