"""`manage.py create_account USERNAME NAME --role ROLE …`: the first people of a new installation."""

from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts import services
from accounts.choices import Role
from accounts.models import Department


class Command(BaseCommand):
    help = "Make an account with one role and print its one-time password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("display_name", help="a role label, such as 大厅管理员")
        parser.add_argument("--role", required=True, choices=[role for role in Role.values if role != Role.DIRECTOR])
        parser.add_argument("--hall", help="hall code, for hall roles")
        parser.add_argument("--department", help="department code, for liaisons")
        parser.add_argument("--email", default="", help="where the morning digest goes")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        department = self._department(options["department"])
        hall_id = self._hall_id(options["hall"], options["role"])
        if options["role"] == Role.LIAISON and department is None:
            raise CommandError("A liaison needs --department CODE.")
        password = services.random_password()
        try:
            facts = {"password": password, "department": department, "email": options["email"]}
            user = services.create_account(options["username"], options["display_name"], **facts)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        liaison = department if options["role"] == Role.LIAISON else None
        services.grant_role(user, options["role"], hall_id=hall_id, department=liaison)
        self.stdout.write(f"{user.username} {password}")

    def _department(self, code: str | None) -> Department | None:
        if not code:
            return None
        try:
            return Department.objects.get(code=code)
        except Department.DoesNotExist as error:
            raise CommandError(f"There is no department with code {code}.") from error

    def _hall_id(self, code: str | None, role: str) -> int | None:
        if role not in (Role.HALL_ADMINISTRATOR, Role.GUIDE):
            return None
        # By name: halls belong to an upper app.
        hall = apps.get_model("catalog", "Hall")._default_manager.filter(code=code or "").first()
        if hall is None:
            raise CommandError("This role needs --hall CODE of a hall that exists.")
        return int(hall.pk)
