"""`manage.py plan_rotation`: exit codes, the file it writes, and the one it leaves alone."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.sessions.rotation import checker
from tests.sessions.rotation.instances import file_of, half_days

SAMPLE = Path(__file__).resolve().parents[3] / "demo" / "schedule_sample.json"


def run(instance: Path, out: Path, *more: str) -> tuple[int, str]:
    """Exit code, and what was printed."""
    said = StringIO()
    try:
        call_command("plan_rotation", "--instance", instance, "--out", out, *more, stdout=said, stderr=said)
    except CommandError as error:
        return error.returncode, f"{said.getvalue()}{error}"
    except SystemExit as error:
        return int(str(error.code)), said.getvalue()
    return 0, said.getvalue()


def written(path: Path, file: Any) -> Path:
    path.write_text(file if isinstance(file, str) else json.dumps(file), encoding="utf-8")
    return path


def test_the_sample_gets_a_plan_with_balance_0(tmp_path: Path) -> None:
    out = tmp_path / "plan.csv"
    code, said = run(SAMPLE, out, "--explain")
    rows = list(csv.reader(out.read_text(encoding="utf-8").splitlines()))
    file = json.loads(SAMPLE.read_text(encoding="utf-8"))
    plan = [(row[0], row[1], row[2], row[3]) for row in rows[1:]]
    assert (code, rows[0], len(plan)) == (0, ["director", "desk", "date", "half"], 24)
    assert checker.faults(file, plan) == []
    assert checker.balance(file, plan) == 0
    assert "均衡差 0：24 个接待单位中，最多与最少相差 0 次，已证明不能更小" in said
    assert "首次到" in said


def test_an_impossible_file_writes_nothing_and_says_who(tmp_path: Path) -> None:
    slots = half_days(1)
    file = file_of(slots, ["D1", "D2"])
    file["directors"][1]["unavailable"] = [[*slot] for slot in slots]
    out = written(tmp_path / "plan.csv", "an older plan")
    code, said = run(written(tmp_path / "file.json", file), out)
    assert (code, out.read_text(encoding="utf-8")) == (2, "an older plan")
    assert "L1在整个期间至少须坐 1 个半天" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file.json", "plan.csv"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "file.json 不是 JSON：第 1 行第 2 列。"),
        ("[]", "文件应为一个 JSON 对象。"),
        ('{"slots": [], "slots": []}', "键 slots 在同一对象中出现两次。"),
        ("{}", "slots：缺少此项。"),
        ("[" * 100_000, "file.json 嵌套太深。"),
    ],
)
def test_what_is_no_schedule_is_refused(content: str, said: str, tmp_path: Path) -> None:
    code, words = run(written(tmp_path / "file.json", content), tmp_path / "plan.csv")
    assert code == 2
    assert said in words
    assert not (tmp_path / "plan.csv").exists()


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gbk.json").write_bytes('{"名": 1}'.encode("gbk"))
    assert run(tmp_path / "gbk.json", tmp_path / "plan.csv")[0] == 2
    assert run(tmp_path / "none.json", tmp_path / "plan.csv")[0] == 2
    assert run(SAMPLE, tmp_path / "no" / "plan.csv")[0] == 2
