import ast
import subprocess
import sys

import pytest

from config.launch import environment, main
from config.launch.places import ROOT, LaunchError

PRETEND_OLD = "import sys; sys.version_info = (3, 8, 1); exec(open('manage.py').read())"


def test_older_python_reads_one_clear_line() -> None:
    run = subprocess.run([sys.executable, "-c", PRETEND_OLD], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr == "Huanwei needs Python 3.11 or newer; this is Python 3.8.\n"


def test_manage_py_is_readable_by_older_pythons() -> None:
    tree = ast.parse((ROOT / "manage.py").read_text(encoding="utf-8"), feature_version=(3, 4))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr | ast.AnnAssign)]


def test_what_a_person_can_mend_is_a_line_and_not_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*, tests: bool) -> None:
        raise LaunchError("No space.")

    monkeypatch.setattr(environment, "prepare", fail)
    assert main.main(["migrate"]) == 1
    assert capsys.readouterr().err == "No space.\n"


def test_without_words_the_usage_is_shown_and_nothing_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main([]) == 0
    assert "manage.py up" in capsys.readouterr().out


def test_full_disk_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(*, tests: bool) -> None:
        raise OSError(28, "No space left on device", ".venv")

    monkeypatch.setattr(environment, "prepare", fail)
    assert main.main(["migrate"]) == 1
    assert capsys.readouterr().err == "No space left on device: .venv\n"
