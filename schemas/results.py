"""公布成果: results made public, in batches of projects."""

from schemas.vocabulary import at_most, both_or_neither, count, group

RESULTS = group(
    "results",
    "公布成果",
    count("batches", "批次", "", "当月公布成果的批次数", also=("公布批次",)),
    count("projects", "项目", "个", "当月公布的项目", also=("公布项目", "项目数")),
    both_or_neither("batches", "projects", rule="RES-1"),
    at_most("batches", "projects", rule="RES-2"),
)
