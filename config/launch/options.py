"""The words after `up` and `test`, read before anything slow begins."""

import argparse
import socket

from config.launch.places import LaunchError

HOST = "127.0.0.1"
DEFAULT_PORT = 8000


def options_of_up(arguments: list[str]) -> argparse.Namespace:
    """`port` and `demo`; a wrong word ends the process with the usage, as argparse does."""
    parser = argparse.ArgumentParser(prog="manage.py up", description="Prepare everything, then serve Huanwei.")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"default {DEFAULT_PORT}")
    parser.add_argument("--no-demo", dest="demo", action="store_false", help="leave an empty database empty")
    return parser.parse_args(arguments)


def require_free_port(port: int) -> None:
    """Raise LaunchError when the web server could not listen there."""
    if not 0 < port < 65536:
        raise LaunchError(f"{port} is not a port: choose one between 1 and 65535.")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise LaunchError(f"Port {port} needs administrator rights. Try: manage.py up --port 8000") from None
        except OSError:
            other = port + 1 if port < 65535 else DEFAULT_PORT
            raise LaunchError(f"Port {port} is taken. Choose another: manage.py up --port {other}") from None


def options_of_test(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """`keep_going` and `only`, and the words that go on to pytest."""
    parser = argparse.ArgumentParser(
        prog="manage.py test",
        description="Everything, cheapest first; with other words (PATH, -k WORD) pytest on SQLite alone.",
    )
    parser.add_argument("--keep-going", action="store_true", help="do not stop at the first part that fails")
    parser.add_argument("--only", metavar="PART", action="append", default=[], help="this part alone; repeatable")
    return parser.parse_known_args(arguments)
