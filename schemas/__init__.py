"""The two forms, written down once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.deployment import DEPLOYMENT
from schemas.institutions import INSTITUTIONS
from schemas.petitions import PETITIONS
from schemas.publicity import PUBLICITY
from schemas.results import RESULTS
from schemas.supervision import SUPERVISION
from schemas.vocabulary import Column, Group, Relation

if TYPE_CHECKING:
    import pandera.pandas as pa

GROUPS: tuple[Group, ...] = (DEPLOYMENT, SUPERVISION, PETITIONS, INSTITUTIONS, PUBLICITY, RESULTS)
"""Annex 1's column groups, in printed order."""

TITLE_TAIL = "工作开展情况数据统计表"
"""Annex 1's title is the campaign's title and this."""

COLUMNS: tuple[Column, ...] = tuple(c for g in GROUPS for c in g.columns)
COLUMN: dict[str, Column] = {c.key: c for c in COLUMNS}
KEYS: tuple[str, ...] = tuple(COLUMN)
COUNTS: tuple[str, ...] = tuple(c.key for c in COLUMNS if c.kind == "count")
GROUP_OF: dict[str, Group] = {c.key: g for g in GROUPS for c in g.columns}
RELATIONS: dict[str, Relation] = {r.rule: r for g in GROUPS for r in g.relations}


def return_schema() -> pa.DataFrameSchema:
    """What must hold of a return as a whole: not every count is 0 or blank (CELL-5).

    A cell that cannot be read is neither, so such a return is not empty.
    """
    import pandera.pandas as pa

    from schemas.vocabulary import UNREADABLE, state

    return pa.DataFrameSchema(
        checks=[
            pa.Check(
                lambda f: (
                    (f[list(COUNTS)].fillna(0) != 0).any(axis=1)
                    | (f[[state(k) for k in COUNTS]] == UNREADABLE).any(axis=1)
                ),
                name="CELL-5",
            )
        ],
        name="return",
    )
