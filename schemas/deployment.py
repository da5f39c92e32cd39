"""安排部署情况: how the unit organised the campaign."""

from schemas.vocabulary import count, group, only_with, yes_no, yes_once

DEPLOYMENT = group(
    "deployment",
    "安排部署情况",
    yes_no(
        "body_established",
        "是否建立机构",
        "截至当月是否已建立专项整治工作机构",
        rule="DEP-1",
        also=("是否成立机构", "建立机构", "是否建立工作机构"),
    ),
    count("party_meetings", "党委党组会议次数", "次", "当月党委（党组）研究专项整治的会议", also=("党委党组会议",)),
    count("coordination_meetings", "成员协调会议次数", "次", "当月工作机构召开的成员协调会议", also=("成员协调会议",)),
    yes_once("body_established", once="mobilised", rule="DEP-2"),
    only_with("coordination_meetings", "body_established", without="没有建立机构", rule="DEP-3", hides=("DEP-2",)),
)
