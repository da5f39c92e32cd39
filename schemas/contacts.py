"""Annex 2, 专项整治分管领导及联络员名单: who is in charge in a unit, and whom the office calls."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schemas.vocabulary import Column

if TYPE_CHECKING:
    import pandera.pandas as pa

ANNEX = "附件2"
TITLE = "专项整治分管领导及联络员名单"
CALLED = ("附件2", "附件二", "联络员", "名单", "通讯录")
"""Words by which a file that holds it is known."""

LEADER, LIAISON = "leader", "liaison"
ROLES = {LEADER: "分管领导", LIAISON: "业务骨干"}
"""Role key to the printed role; the 业务骨干 is the 联络员."""

ROLE_WORDS = {"分管领导": "leader", "业务骨干": "liaison", "联络员": "liaison"}
"""What units print for a role."""

CONTACT_COLUMNS = (
    Column("name", "姓名", "", "姓名", also=("名字", "人员姓名")),
    Column(
        "post",
        "工作单位及职务",
        "",
        "工作单位及职务",
        also=("单位及职务", "单位职务", "职务", "工作单位和职务", "工作单位职务"),
    ),
    Column(
        "phone",
        "联系方式",
        "",
        "手机或座机",
        also=("联系电话", "电话", "手机", "手机号", "手机号码", "电话号码", "联系方法"),
    ),
)

_MOBILE = re.compile(r"(?:\+?86)?1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(?:0[0-9]{2,3})?[2-8][0-9]{6,7}")


def is_phone(number: str) -> bool:
    """Whether digits (hyphens, spaces and brackets taken out) are a mobile or a landline number."""
    return bool(_MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number))


def persons_schema() -> pa.DataFrameSchema:
    """One row per unit and role: name, post and phone are filled (CON-2)."""
    import pandera.pandas as pa

    return pa.DataFrameSchema(
        {c.key: pa.Column(str, pa.Check.ne("", name="CON-2")) for c in CONTACT_COLUMNS}, name="contacts"
    )


def phones_schema() -> pa.DataFrameSchema:
    """One row per number: it is a phone number (CON-3), and it is one person's (CON-4)."""
    import pandera.pandas as pa

    return pa.DataFrameSchema(
        {"number": pa.Column(str, pa.Check(is_phone, element_wise=True, name="CON-3"))},
        # A name left blank is nobody else's; CON-2 asks for it.
        checks=[
            pa.Check(
                lambda f: f["name"].where(f["name"] != "").groupby(f["number"]).transform("nunique") <= 1, name="CON-4"
            )
        ],
        name="phones",
    )
