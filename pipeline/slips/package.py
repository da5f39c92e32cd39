"""The finished file: the same bytes from run to run, with the digests by which it is known whether anyone changed it."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping

from lxml import etree

from pipeline.digest import properties
from pipeline.read.papers.typed import digests_of
from pipeline.write.book import with_unix_origin

_PROPERTIES, _CORE = "docProps/custom.xml", "docProps/core.xml"
_SAVED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(<)")
_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes}lpwstr"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_MOMENT = (1980, 1, 1, 0, 0, 0)


def packed(data: bytes, today: dt.date) -> bytes:
    """The workbook as if it had been saved at the first moment of that day, with its digests."""
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        parts = {info.filename: z.read(info) for info in z.infolist()}
    parts[_CORE] = _SAVED.sub(rb"\g<1>%sT00:00:00Z\g<2>" % today.isoformat().encode(), parts[_CORE])
    parts[_PROPERTIES] = _with(properties(digests_of(data)), parts[_PROPERTIES])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, part in parts.items():
            z.writestr(zipfile.ZipInfo(name, _MOMENT), part, zipfile.ZIP_DEFLATED)
    return with_unix_origin(out.getvalue())


def _with(added: Mapping[str, str], custom: bytes) -> bytes:
    """The part of the document properties with those added, in place of others of their names."""
    root = etree.fromstring(custom)
    for old in [p for p in root if p.get("name") in added]:
        root.remove(old)
    last = max((int(p.get("pid", 1)) for p in root), default=1)
    for pid, (name, value) in enumerate(added.items(), last + 1):
        of_name = {"fmtid": _FORMAT, "pid": str(pid), "name": name}
        one = etree.SubElement(root, f"{{{etree.QName(root).namespace}}}property", of_name)
        etree.SubElement(one, _TEXT).text = value
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
