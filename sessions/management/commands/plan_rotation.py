"""`manage.py plan_rotation --instance FILE.json --out FILE.csv`: solves a schedule file."""

import csv
import io
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from sessions import rotation
from sessions.rotation import phrases, wording

INFEASIBLE, UNDECIDED = 2, 3
HEADINGS = ("director", "desk", "date", "half")


class Command(BaseCommand):
    help = (
        "Plan a rotation from a schedule file. Exit 0: the plan is written. Exit 2: the file is wrong or no plan "
        "exists; the reason is printed and nothing is written. Exit 3: the time was up before either was known."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--instance", type=Path, required=True, help="schedule file (JSON)")
        parser.add_argument("--out", type=Path, required=True, help="where the plan goes (CSV)")
        parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same plan")
        parser.add_argument("--time-limit", type=float, default=300.0, help="seconds")
        parser.add_argument("--explain", action="store_true", help="print why each placement is there")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        if out.is_dir() or not out.parent.is_dir():
            raise CommandError(_("%(file)s cannot be written.") % {"file": out}, returncode=INFEASIBLE)
        try:
            instance = rotation.read_file(options["instance"])
        except rotation.WrongFile as error:
            raise CommandError("\n".join(error.problems), returncode=INFEASIBLE) from error
        work = rotation.Work(seed=options["seed"], seconds=max(1.0, options["time_limit"]))
        try:
            plan = rotation.solve(instance, work)
        except rotation.NoPlan as error:
            self._refuse(instance, work)
            raise SystemExit(INFEASIBLE) from error
        except rotation.TimeUp as error:
            text = _("After %(seconds)s seconds neither a plan nor a proof that there is none was found.")
            raise CommandError(text % {"seconds": round(work.used)}, returncode=UNDECIDED) from error
        write_safely(out, table(instance, plan))
        try:
            self._report(instance, plan, explained=options["explain"])
            self.stdout.flush()
        except BrokenPipeError:  # whoever reads has seen enough, as `head` does; the plan is written
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _refuse(self, instance: rotation.Instance, work: rotation.Work) -> None:
        self.stderr.write(_("There is no plan that meets all rules. Nothing has been written."))
        work.seconds = work.used + max(60.0, work.left)
        for line in wording.diagnosis_lines(instance, rotation.diagnose(instance, work)):
            self.stderr.write(line)

    def _report(self, instance: rotation.Instance, plan: rotation.Plan, *, explained: bool) -> None:
        if explained:
            names = {code: one.short_name or one.name for code, one in instance.departments.items()}
            for one, reasons in rotation.explain(instance, plan.placements).items():
                where = f"{one.director} {one.desk} {phrases.slot_words(instance, one.slot)}"
                words = _("; ").join(wording.reason_text(reason.code, reason.values, names) for reason in reasons)
                self.stdout.write(f"{where}: {words}")
        self.stdout.write(wording.balance_line(instance, plan))
        # For programs: the same words in every language.
        self.stdout.write(
            f"balance={plan.balance} bound={plan.bound} placements={len(plan.placements)} seed={plan.seed} "
            f"solver={plan.solver.replace(' ', '-')} seconds={plan.seconds:.2f}"
        )


def table(instance: rotation.Instance, plan: rotation.Plan) -> str:
    """The plan as CSV in the order of time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(HEADINGS)
    for one in plan.placements:
        slot = instance.slots[one.slot]
        writer.writerow([one.director, one.desk, slot.date.isoformat(), slot.half])
    return buffer.getvalue()


def write_safely(path: Path, text: str) -> None:
    """The whole file or the old one: written beside it, then put in its place."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
