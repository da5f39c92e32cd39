"""What a sheet comes in: archives, mails, text, HTML, Word."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage

from tests.builders import Sheet, span_of


def zipped(*members: tuple[str, bytes], gbk: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members:
            # zipfile marks a name as UTF-8 where it is not ASCII; Chinese Windows writes GBK and marks nothing.
            info = zipfile.ZipInfo("x" * len(name.encode("gbk")) if gbk else name, (2023, 6, 9, 10, 0, 0))
            z.writestr(info, data)
    raw = out.getvalue()
    if gbk:
        for name, _ in members:
            raw = raw.replace(b"x" * len(name.encode("gbk")), name.encode("gbk"))
    return raw


def mailed(
    *attached: tuple[str, bytes], date: str | None = "Thu, 08 Jun 2023 16:20:00 +0800", subject: str = "报表"
) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.invalid", "b@example.invalid", subject
    if date:
        mail["Date"] = date
    mail.set_content("请查收。")
    for name, data in attached:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    if attached:
        mail.set_boundary("=-=-=")  # a fixed one, so that the same mail has the same bytes
    return mail


def as_text(sheet: Sheet, delimiter: str) -> str:
    rows = sheet.grid().rows
    return "\r\n".join(delimiter.join("" if v is None else str(v) for v in row) for row in rows)


def as_html(sheet: Sheet, head: str = "") -> str:
    cover = {(r, c): m for m in sheet.merged for r in range(m[0], m[2] + 1) for c in range(m[1], m[3] + 1)}
    out = [f"<html><head>{head}</head><body><p>各单位注意</p><table>"]
    for r, row in enumerate(sheet.grid().rows):
        out.append("<tr>")
        for c, v in enumerate(row):
            m = cover.get((r, c))
            if not m or (r, c) == m[:2]:
                span = f' rowspan="{m[2] - m[0] + 1}" colspan={m[3] - m[1] + 1}' if m else ""
                out.append(f"<td{span}>{'' if v is None else v}")  # tags left open, as old programs do
    return "".join([*out, "</table></body></html>"])


def as_docx(sheet: Sheet, *, captions_above: bool) -> bytes:
    import docx  # only the tests have it; the demo must do without

    document = docx.Document()
    rows = sheet.grid().rows
    if captions_above:
        for row in rows[:3]:
            document.add_paragraph("　".join(str(v) for v in row if v is not None))
        rows = rows[3:]
    table = document.add_table(len(rows), len(rows[0]))
    for r, row in enumerate(rows):
        for c, v in enumerate(row):
            table.cell(r, c).text = "" if v is None else str(v)
    first = 0 if captions_above else 3
    for begin, end in map(span_of, ("deployment", "petitions")):
        table.cell(first, begin).merge(table.cell(first, end))
    out = io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as z:  # packed again without the hour at which it was made
        return zipped(*((info.filename, z.read(info)) for info in z.infolist()))
