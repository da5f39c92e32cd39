"""督导检查情况: inspections, and what came of them."""

from schemas.vocabulary import at_most, backlog, compared, count, group, only_with

SUPERVISION = group(
    "supervision",
    "督导检查情况",
    count("inspections", "督导指导", "次", "当月开展的督导指导", also=("督导指导次数", "督导检查")),
    count("problems_found", "发现问题", "个", "当月发现的问题", also=("发现问题数",)),
    count("problems_rectified", "推动整改", "个", "当月推动整改到位的问题", also=("推动整改数", "推动整改问题")),
    at_most("problems_rectified", "problems_found", rule="SUP-1", running="HIST-1"),
    only_with("problems_found", "inspections", rule="SUP-2"),
    backlog("未整改", "problems_found", "problems_rectified"),
    compared("发现问题与推动整改", "problems_found", "problems_rectified"),
)
