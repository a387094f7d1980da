"""Tests of the catalogue's pages."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def count_queries(client: Client, url: str) -> int:
    """Queries of one page. Savepoints are left out: only a test, itself in a transaction, has them."""
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return sum(1 for query in captured if "SAVEPOINT" not in query["sql"])
