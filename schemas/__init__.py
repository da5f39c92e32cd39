"""The two forms, written down once."""

from __future__ import annotations

from schemas.deployment import DEPLOYMENT
from schemas.form import Form, Forms, Group
from schemas.institutions import INSTITUTIONS
from schemas.petitions import PETITIONS
from schemas.publicity import PUBLICITY
from schemas.results import RESULTS
from schemas.supervision import SUPERVISION
from schemas.vocabulary import Column, Relation

FORMS = Forms(
    Form(
        annex="附件1",
        title="工作开展情况数据统计表",
        summary="工作开展情况数据统计汇总表",
        groups=(DEPLOYMENT, SUPERVISION, PETITIONS, INSTITUTIONS, PUBLICITY, RESULTS),
        called=("附件1", "附件一", "统计表", "报表"),
    )
)
"""The monthly form, Annex 1, in all months."""

# For what does not take the form of a month yet.
GROUPS: tuple[Group, ...] = FORMS.whole.groups
TITLE_TAIL = FORMS.whole.title
COLUMNS: tuple[Column, ...] = FORMS.whole.columns
COLUMN: dict[str, Column] = dict(FORMS.whole.column)
KEYS: tuple[str, ...] = FORMS.whole.keys
COUNTS: tuple[str, ...] = FORMS.whole.counts
GROUP_OF: dict[str, Group] = dict(FORMS.whole.group_of)
RELATIONS: dict[str, Relation] = dict(FORMS.whole.relations)
