"""The parts of `manage.py test`, cheapest first. Each runs programs of `.venv`, and says how it went."""

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from config.launch import postgres
from config.launch.debian import UnavailableError, require
from config.launch.places import ROOT, VAR

CODE = ("accounts", "catalog", "config", "core", "issues", "portal", "reports", "sessions", "tests", "manage.py")
PYTEST_NO_TESTS = 5
# Tests keep their files apart from the site's: an own folder, emptied for each part.
TEST_VAR = VAR / "test"
COMMON = {
    "DEBUG": "0",
    "DATABASE_URL": "",
    "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
PRODUCTION = {
    "HTTPS": "1",
    "ALLOWED_HOSTS": "huanwei.example",
    "SECRET_KEY": "only-for-check-deploy-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG",
    "STATICFILES_BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
}


@dataclass(frozen=True)
class Result:
    """How one part went; `passed` and `failed` count single tests and stay 0 for parts that are not pytest's."""

    verdict: str
    reason: str = ""
    passed: int = 0
    failed: int = 0

    @property
    def good(self) -> bool:
        """True unless something failed; a part that was not tested is no failure in itself."""
        return self.verdict != "failed"


@dataclass(frozen=True)
class Part:
    """One part: what it is called in the summary and how it is run."""

    name: str
    run: Callable[[], Result]


def style() -> Result:
    """ruff's rules and its formatting."""
    ruff = _tool("ruff")
    return _all([ruff, "check", "."], [ruff, "format", "--check", "."])


def templates() -> Result:
    """djlint's rules."""
    return _all([_tool("djlint"), "templates", "--lint", "--quiet"])


def layers() -> Result:
    """Who may import whom."""
    return _all([_tool("lint-imports")])


def translations() -> Result:
    """Every English string has Chinese, and the committed catalogue is what the sources say."""
    require("xgettext", "gettext", "gettext")
    return _all([sys.executable, "-P", "-m", "config.launch.translations", "--check"])


def migrations() -> Result:
    """Models and migrations agree, and the migrations build an empty database from nothing."""
    folder = _empty_folder("migrations")
    fresh = {"HUANWEI_VAR_DIR": str(folder), "DATABASE_URL": ""}
    check, build = _django("makemigrations", "--check", "--dry-run"), _django("migrate", "--verbosity", "0")
    return _all(check, build, env=fresh)


def deployment() -> Result:
    """Django's own check of a production set-up."""
    return _all(_django("check", "--deploy", "--fail-level", "WARNING"), env=PRODUCTION)


def types() -> Result:
    """mypy, strict."""
    return _all([sys.executable, "-m", "mypy", *CODE])


def tests_on_sqlite() -> Result:
    """Unit and view tests; with COVERAGE=1, those of the whole district too and the branches that none of them takes.

    Tables are made from the models: that the migrations build the same is the part before.
    """
    covered = os.environ.get("COVERAGE") == "1"
    report = ["--cov", "--cov-report=term:skip-covered", "--no-cov-on-fail"] if covered else []
    chosen = "not browser" if covered else "not browser and not whole"
    return pytest("sqlite", ["-m", chosen, "-n", "2", "--nomigrations", *report], {})


def tests_of_the_whole() -> Result:
    """What takes seconds a test: the whole demo district on other days, and every page with its worst input."""
    return pytest("whole", ["-m", "whole", "-n", "2", "--nomigrations"], {})


def tests_on_postgresql() -> Result:
    """The tests that open the database, on the engine of production and on tables that the migrations made."""
    with postgres.cluster() as url:
        return pytest("postgresql", ["-m", "not browser", "-n", "2", "--db-only"], {"DATABASE_URL": url})


def tests_in_browser() -> Result:
    """The tests that a real Chromium runs."""
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        require("chromium", "Chromium", "chromium")
    if Path("/etc/debian_version").exists():
        require(None, "A Chinese font", "fonts-noto-cjk")
    return pytest("browser", ["-m", "browser", "--nomigrations"], {"DJANGO_ALLOW_ASYNC_UNSAFE": "1"})


PARTS = (
    Part("style", style),
    Part("templates", templates),
    Part("layers", layers),
    Part("translations", translations),
    Part("migrations", migrations),
    Part("deployment", deployment),
    Part("types", types),
    Part("sqlite", tests_on_sqlite),
    Part("whole", tests_of_the_whole),
    Part("postgresql", tests_on_postgresql),
    Part("browser", tests_in_browser),
)


def run_part(part: Part) -> Result:
    """Run one part; what this machine lacks becomes "not tested", which a CI machine may not afford."""
    try:
        result = part.run()
    except UnavailableError as error:
        result = Result("not tested", str(error))
    if result.verdict == "not tested" and os.environ.get("CI", "").lower() == "true":
        return Result("failed", f"not tested: {result.reason}")
    return result


def pytest(name: str, words: list[str], env: Mapping[str, str]) -> Result:
    """Run pytest with `words` and read the numbers from its report."""
    report = _empty_folder(name) / "report.xml"
    command = [sys.executable, "-P", "-m", "pytest", "-q", f"--junitxml={report}", *words]
    code = _run(command, name, env)
    if code == PYTEST_NO_TESTS:
        return Result("not tested", "there are no such tests")
    passed, failed = _numbers(report)
    return Result("failed" if code else "passed", passed=passed, failed=failed)


def _numbers(report: Path) -> tuple[int, int]:
    """Passed and failed tests of a JUnit report; a report that was never written counts as one failure."""
    if not report.exists():
        return 0, 1
    # Written a moment ago by our own pytest, not by a stranger.
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))  # noqa: S314
    failed = sum(int(suite.get(kind, 0)) for suite in suites for kind in ("failures", "errors"))
    others = sum(int(suite.get("skipped", 0)) for suite in suites)
    return sum(int(suite.get("tests", 0)) for suite in suites) - failed - others, failed


def _all(*commands: list[str], env: Mapping[str, str] | None = None) -> Result:
    """Run all the commands, so that one run shows everything that is wrong."""
    codes = [_run(command, "checks", env or {}) for command in commands]
    return Result("failed" if any(codes) else "passed")


def _run(command: list[str], folder: str, env: Mapping[str, str]) -> int:
    place = {"HUANWEI_VAR_DIR": str(TEST_VAR / folder), "COVERAGE_FILE": str(TEST_VAR / folder / ".coverage")}
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **COMMON, **place, **env}, check=False).returncode


def _empty_folder(name: str) -> Path:
    folder = TEST_VAR / name
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "static").mkdir(parents=True)
    return folder


def _tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _django(*words: str) -> list[str]:
    return [sys.executable, "-P", "-m", "django", *words]
