"""Small tables for tests of the import."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

HEADS = ["事项编码", "事项名称", "主管部门", "办件类型", "承诺时限", "法定时限", "服务对象", "备用列"]
GOOD = ["N-001", "新事项", "住建局", "承诺件", "5", "10", "法人", "x"]
BAD = ["N-002", "坏事项", "没有的局", "承诺件", "很快", "10", "法人", ""]


def workbook(*rows: list[Any], title: str = "事项清单") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(content: bytes, name: str = "事项.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
