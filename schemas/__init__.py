"""The two forms, written down once."""

from schemas.deployment import DEPLOYMENT
from schemas.form import Form, Forms
from schemas.institutions import INSTITUTIONS
from schemas.petitions import PETITIONS
from schemas.publicity import PUBLICITY
from schemas.results import RESULTS
from schemas.supervision import SUPERVISION

FORMS = Forms(
    Form(
        annex="附件1",
        title="工作开展情况数据统计表",
        summary="工作开展情况数据统计汇总表",
        groups=(DEPLOYMENT, SUPERVISION, PETITIONS, INSTITUTIONS, PUBLICITY, RESULTS),
        called=("附件一", "统计表", "报表"),
    )
)
"""The monthly form, Annex 1, in all months."""
