"""`manage.py test`, inside `.venv`: all parts with a summary, or pytest alone with the words given."""

import sys
import time

from config.launch import assets, translations
from config.launch.options import options_of_test
from config.launch.parts import PARTS, Part, Result, pytest, run_part
from config.launch.places import ROOT, LaunchError, say


def main(arguments: list[str]) -> int:
    """Run the tests; 0 when nothing failed and, with CI=true, nothing was left out."""
    options, words = options_of_test(arguments)
    try:
        assets.prepare()
        if (ROOT / translations.CATALOGUE).exists():
            translations.compile_catalogue()
        if words:
            return _summary({"sqlite": _selected(words)})
        return _summary(_every_part(_chosen(options.only), keep_going=options.keep_going))
    except LaunchError as error:
        sys.stderr.write(f"{error}\n")
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
    return 1


def _selected(words: list[str]) -> Result:
    """pytest on SQLite with the person's own words; browser tests stay out unless asked for by `-m`."""
    marker = [] if "-m" in words else ["-m", "not browser"]
    return pytest("sqlite", [*marker, *words], {})


def _chosen(names: list[str]) -> list[Part]:
    unknown = set(names) - {part.name for part in PARTS}
    if unknown:
        known = ", ".join(part.name for part in PARTS)
        raise LaunchError(f"There is no part {', '.join(sorted(unknown))}. The parts: {known}.")
    return [part for part in PARTS if not names or part.name in names]


def _every_part(parts: list[Part], *, keep_going: bool) -> dict[str, Result]:
    results: dict[str, Result] = {}
    stopped_by = ""
    for part in parts:
        if stopped_by:
            results[part.name] = Result("not tested", f"{stopped_by} failed before")
            continue
        say(f"\n== {part.name} ==")
        start = time.monotonic()
        results[part.name] = result = run_part(part)
        say(f"-- {part.name}: {_told(result)} ({time.monotonic() - start:.0f} s)")
        if not result.good and not keep_going:
            stopped_by = part.name
    return results


def _summary(results: dict[str, Result]) -> int:
    """One line a part, then the sums. A part that failed without a failed test counts as one failure."""
    say("")
    width = max(map(len, results))
    for name, result in results.items():
        say(f"{name:<{width}}  {_told(result)}")
    passed = sum(result.passed for result in results.values())
    failed = sum(max(result.failed, not result.good) for result in results.values())
    say(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def _told(result: Result) -> str:
    return f"{result.verdict}: {result.reason}" if result.reason else result.verdict


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
