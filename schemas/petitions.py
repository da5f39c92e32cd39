"""受理群众信访举报情况: petitions and reports received from the public."""

from schemas.vocabulary import adds_up, at_most, backlog, compared, count, group

PETITIONS = group(
    "petitions",
    "受理群众信访举报情况",
    count("petitions_total", "总计", "件", "当月受理的群众信访举报", also=("合计", "总数")),
    count("self_handled", "自办", "件", "其中由本单位办理的", also=("自办件",)),
    count("transferred", "转办", "件", "其中转其他单位办理的", also=("转办件",)),
    count("concluded", "办结", "件", "当月办结的（办理期限60日，可含以前受理的）", also=("办结件",)),
    count(
        "clues_referred",
        "向纪检监察机关移交问题线索",
        "件",
        "当月向纪检监察机关移交的问题线索",
        also=("移交问题线索", "向纪委监委移交问题线索", "向纪检监察机关移交线索"),
    ),
    adds_up("petitions_total", "self_handled", "transferred", rule="PET-1"),
    at_most("concluded", "petitions_total", rule="PET-2", running="HIST-1"),
    at_most("clues_referred", "petitions_total", "problems_found", rule="PET-3"),
    # A petition has to be concluded within 60 days.
    backlog("未办结", "petitions_total", "concluded", days=60),
    compared("信访举报总计与办结", "petitions_total", "concluded"),
)
