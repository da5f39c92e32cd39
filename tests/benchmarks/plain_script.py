"""(b) The script a colleague would write: pandas.read_excel with openpyxl and one pandera schema per file, then to_excel."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from schemas import FORMS

FORM = FORMS.whole

_HEAD = 5
"""The form's rows above its data row."""

SCHEMA = pa.DataFrameSchema(
    {
        "body_established": pa.Column(str, pa.Check.isin(["是", "否"])),
        **{
            key: pa.Column(float, [pa.Check.ge(0), pa.Check.le(FORM.column[key].ceiling)], coerce=True)
            for key in FORM.counts
        },
    },
    checks=[
        pa.Check(lambda f: f["petitions_total"] == f["self_handled"] + f["transferred"]),
        pa.Check(lambda f: f["institutions_total"] == f["created"] + f["revised"]),
        pa.Check(lambda f: f["concluded"] <= f["petitions_total"]),
        pa.Check(lambda f: f["problems_rectified"] <= f["problems_found"]),
    ],
)


def consolidated(paths: list[Path]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row per file, and what the schema says of them."""
    rows, faults = [], []
    for path in paths:
        sheet = pd.read_excel(path, header=None, engine="openpyxl")
        frame = sheet.iloc[[_HEAD]].set_axis(list(FORM.keys), axis=1)
        frame.insert(0, "unit", sheet.iloc[2, 0])
        try:
            SCHEMA.validate(frame, lazy=True)
        except pa.errors.SchemaErrors as failed:
            faults.append(failed.failure_cases.assign(file=path.name))
        rows.append(frame)
    return pd.concat(rows), pd.concat(faults) if faults else pd.DataFrame()


if __name__ == "__main__":
    inbox, out, most = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    returns, wrong = consolidated(sorted(inbox.rglob("*.xlsx"))[:most])
    with pd.ExcelWriter(out, engine="openpyxl") as book:
        returns.to_excel(book, sheet_name="汇总", index=False)
        wrong.to_excel(book, sheet_name="问题", index=False)
