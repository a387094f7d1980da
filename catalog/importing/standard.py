"""The headings of our own form, by which pages and messages name a field."""

from functools import lru_cache

from catalog.exporting_tables import TABLES
from catalog.importing.columns import columns_of
from catalog.importing.kinds import KINDS

_LEADERS = ("人员编号", "显示名", "部门编码", "部门", "职务", "级别", "是否参加", "不可用日期", "任职日期", "备注")


@lru_cache(maxsize=1)
def headings() -> dict[str, dict[str, str]]:
    """Kind → field → the heading of our own form."""
    heads = {table.kind: table.headings for table in TABLES} | {"leader": _LEADERS}
    found = {}
    for kind in KINDS:
        columns = columns_of(kind, heads[kind.name])
        found[kind.name] = {field: heads[kind.name][at] for field, at in columns.items()}
    return found
