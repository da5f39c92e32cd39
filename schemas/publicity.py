"""宣传报道情况: publicity by medium."""

from schemas.vocabulary import count, group

# An office's news feed can well carry tens of thousands of posts.
_CEILING = 100_000

PUBLICITY = group(
    "publicity",
    "宣传报道情况",
    count(
        "broadcast", "广播电视宣传", "次", "当月广播、电视宣传", ceiling=_CEILING, also=("广播电视", "广播电视宣传次数")
    ),
    count("press", "报纸期刊宣传", "次", "当月报纸、期刊宣传", ceiling=_CEILING, also=("报纸期刊", "报刊宣传")),
    count(
        "new_media",
        "网络新媒体宣传",
        "次",
        "当月网络、新媒体宣传",
        ceiling=_CEILING,
        also=("网络新媒体", "新媒体宣传", "网络媒体宣传"),
    ),
)
