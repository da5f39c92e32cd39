"""制度建设情况: rules and institutions written or revised."""

from schemas.vocabulary import adds_up, count, group

INSTITUTIONS = group(
    "institutions",
    "制度建设情况",
    # 件 here and 项 for its parts: so the source document prints it.
    count("institutions_total", "总计", "件", "当月制度建设总数", also=("合计", "总数")),
    count("created", "新建", "项", "其中新建的制度", also=("新建制度",)),
    count("revised", "修改完善", "项", "其中修改完善的制度", also=("修改完善制度", "修订完善")),
    adds_up("institutions_total", "created", "revised", rule="INS-1"),
)
