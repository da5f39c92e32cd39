"""Word documents as bytes, part by part, in each of their wrappings."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from xml.sax.saxutils import escape

from tests.builders import FORM, TITLE_1, VALUES
from tests.envelopes import zipped

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
W_2003 = "http://schemas.microsoft.com/office/word/2003/wordml"
_SPACES = (
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:aml="http://schemas.microsoft.com/aml/2001/core" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
CHANGE = 'w:id="1" w:author="a" w:date="2023-06-01T00:00:00Z"'


def run(text: object, look: str = "") -> str:
    """A run with that text and those properties."""
    return f"<w:r><w:rPr>{look}</w:rPr><w:t xml:space='preserve'>{escape(str(text))}</w:t></w:r>"


def para(runs: str, about: str = "") -> str:
    return f"<w:p><w:pPr>{about}</w:pPr>{runs}</w:p>"


def cell(runs: str, about: str = "") -> str:
    return f"<w:tc><w:tcPr>{about}</w:tcPr>{runs if runs.startswith(('<w:p', '<w:tbl')) else para(runs)}</w:tc>"


def row(cells: str, about: str = "") -> str:
    return f"<w:tr><w:trPr>{about}</w:trPr>{cells}</w:tr>"


def figures(cells: Mapping[str, str] | None = None, about: str = "", **changes: object) -> str:
    """The data row; `cells` holds raw runs of some figures, `changes` filed values."""
    values = {**VALUES, **changes}
    return row("".join(cell((cells or {}).get(k) or run(values[k])) for k in FORM.keys), about)


def heads() -> str:
    groups, shown = [], None
    for key in FORM.keys:
        group = FORM.group_of[key].label
        groups.append(cell(run(group if group != shown else "")))
        shown = group
    return row("".join(groups)) + row("".join(cell(run(FORM.column[k].printed)) for k in FORM.keys))


CAPTIONS = para(run("单位：城关镇")) + para(run("统计时间：2023年5月"))


def form(cells: Mapping[str, str] | None = None, *, rows: str = "", captions: str = CAPTIONS, **changes: object) -> str:
    """The form as the body of a document: title, captions, the table."""
    return f"{para(run(TITLE_1))}{captions}<w:tbl>{heads()}{rows or figures(cells, **changes)}</w:tbl>{para('')}"


def document(body: str, space: str = W) -> str:
    return f'<w:document xmlns:w="{space}" {_SPACES}><w:body>{body}</w:body></w:document>'


def docx(body: str, parts: Mapping[str, tuple[str, bytes]] | None = None, space: str = W) -> bytes:
    """A .docx with that body; `parts` are others by their names below word/, with the last word of their type."""
    parts = parts or {}
    relations = "".join(
        f'<Relationship Id="rId{i}" Type="{_TYPE}{kind}" Target="{name}"/>'
        for i, (name, (kind, _)) in enumerate(parts.items())
    )
    rels = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>'
    return zipped(
        ("[Content_Types].xml", _TYPES.encode()),
        ("word/document.xml", document(body, space).encode()),
        ("word/_rels/document.xml.rels", rels.encode()),
        *((f"word/{name}", data) for name, (_, data) in parts.items()),
    )


def styles(*definitions: str) -> dict[str, tuple[str, bytes]]:
    """The part that holds those styles."""
    return {"styles.xml": ("styles", f'<w:styles xmlns:w="{W}">{"".join(definitions)}</w:styles>'.encode())}


def style(name: str, look: str, based: str = "", kind: str = "character") -> str:
    on = f'<w:basedOn w:val="{based}"/>' if based else ""
    return f'<w:style w:type="{kind}" w:styleId="{name}">{on}<w:rPr>{look}</w:rPr></w:style>'


def flat(body: str, picture: bytes = b"") -> bytes:
    """The same in one XML file."""
    main = f'<pkg:part pkg:name="/word/document.xml"><pkg:xmlData>{document(body)}</pkg:xmlData></pkg:part>'
    if picture:
        encoded = base64.encodebytes(picture).decode()
        main += f'<pkg:part pkg:name="/word/media/a.png"><pkg:binaryData>{encoded}</pkg:binaryData></pkg:part>'
    return (
        f'<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
        f'<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">{main}</pkg:package>'
    ).encode()


def word_2003(body: str) -> bytes:
    """Word 2003's XML."""
    text = f'<w:wordDocument xmlns:w="{W_2003}" {_SPACES}><w:body>{body}</w:body></w:wordDocument>'
    return f'<?xml version="1.0"?><?mso-application progid="Word.Document"?>{text}'.encode()


def photo(size: int = 20_000) -> bytes:
    """What begins like a picture and is as large as one."""
    return b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * (size // 256)
