import socket
from collections.abc import Iterator

import pytest

from config.launch import main
from config.launch.options import HOST, options_of_test, options_of_up, require_free_port
from config.launch.places import LaunchError


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
        server.bind((HOST, 0))
        server.listen()
        yield server.getsockname()[1]


def test_defaults_of_up() -> None:
    options = options_of_up([])
    assert (options.port, options.demo) == (8000, True)


def test_taken_port_is_refused_before_anything_slow(taken_port: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["up", "--port", str(taken_port)]) == 1
    line = capsys.readouterr().err
    assert line.startswith(f"Port {taken_port} is taken.")
    assert line.count("\n") == 1


def test_free_port_is_accepted(taken_port: int) -> None:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        free = probe.getsockname()[1]
    require_free_port(free)


@pytest.mark.parametrize("port", [0, -1, 65536, 100000])
def test_no_such_port(port: int) -> None:
    with pytest.raises(LaunchError, match="is not a port"):
        require_free_port(port)


def test_other_words_go_on_to_pytest() -> None:
    options, words = options_of_test(["--keep-going", "tests/core", "-k", "ledger"])
    assert options.keep_going
    assert words == ["tests/core", "-k", "ledger"]
