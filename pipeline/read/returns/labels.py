"""The labels of a campaign's forms, as people print them: groups, fields, and the columns that stand beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pipeline.read.returns.values import MEASURE_WORDS
from pipeline.read.text import LOST, squeeze, unbracket
from schemas.form import Form

_IN_BRACKETS = re.compile(r"[(\[【（]([^()\[\]【】（）]*)[)\]】）]")
_MEASURE = re.compile(rf"(?:单位:)?(?:[{MEASURE_WORDS}]|人次|场次|[/、])*数?")
_NUMBERING = re.compile(
    r"^(?:第[一二三四五六七八九十]{1,2}(?:部分|类|项)|[一二三四五六七八九十]{1,2}(?=[^、.,:一二三四五六七八九十])|[A-Z]{1,4}[、.)-]?|[0-9]{1,2}-|其[一二三四五六]:"
    r"|\((?:[一二三四五六七八九十]{1,3}|[0-9]{1,2})\)|第?[一二三四五六七八九十壹贰叁肆伍陆]{1,3}[、.,:]|[0-9]{1,2}[、.,:)]?(?=[^0-9])|[甲乙丙丁戊己庚辛][、.])"
)
_DOUBLED = re.compile(r"(?<=[^0-9])[._]?[0-9]{1,2}$")
"""What a program puts behind a heading that stands twice: 总计2, 总计.1, 总计_1."""

UNIT_COLUMNS = re.compile(r"(?:填报|报送|上报|填表|编报)?单位(?:名称)?|镇|部门|镇部门|镇、部门|乡镇|镇办|名称")
_TIME_COLUMNS = re.compile(r"月份|类别|时间|期间|统计时间|统计期间|所属月份|年月|时段|分类|项目类别")
_KIND_COLUMNS = re.compile(r"类别|类型|种类|分类|项目(?:类别)?|渠道|方式|性质|事项|内容|来源")
_PART_COLUMNS = re.compile(r"村|村名|村组|行政村|社区|股室|科室|站所|姓名|地点|区域|片区")
_REMARK_COLUMNS = re.compile(r"(?:情况)?(?:备注|说明)|情况说明|备注说明|补充说明|需要说明的问题")
_NUMBER_COLUMNS = re.compile(r"序号?|编号|行次|№|no\.?", re.I)


@lru_cache(maxsize=2**15)
def label(text: str) -> str:
    """A printed label without spaces, brackets and the 计量单位 in them."""
    text = _IN_BRACKETS.sub(lambda m: "" if _MEASURE.fullmatch(m[1]) else m[1], squeeze(text).replace(LOST, ""))
    return unbracket(text).strip(":：*、.")


@lru_cache(maxsize=2**12)
def spellings(text: str) -> tuple[str, ...]:
    """The label as it is, then without a number before it or behind it."""
    whole = label(text)
    bare = _NUMBERING.sub("", label(_NUMBERING.sub("", squeeze(text))))
    return tuple(dict.fromkeys(t for t in (whole, bare, _DOUBLED.sub("", whole), _DOUBLED.sub("", bare)) if t))


def is_remark(heading: str) -> bool:
    """Whether what stands under that heading says nothing of what its row is."""
    return bool(_REMARK_COLUMNS.fullmatch(heading))


def is_number(heading: str) -> bool:
    """Whether the column under that heading numbers the rows."""
    return bool(_NUMBER_COLUMNS.fullmatch(heading))


def is_unit(heading: str) -> bool:
    """Whether units stand under that heading."""
    return bool(UNIT_COLUMNS.fullmatch(heading))


def is_time(heading: str) -> bool:
    """Whether months, or kinds of rows, stand under that heading."""
    return bool(_TIME_COLUMNS.fullmatch(heading))


def is_kind_of_figures(heading: str) -> bool:
    """Whether under that heading stands of what kind the figures of a row are, and no place, office or person."""
    return bool(_KIND_COLUMNS.fullmatch(heading))


def names_rows(heading: str) -> bool:
    """Whether what stands under that heading says what its row is."""
    return bool(UNIT_COLUMNS.fullmatch(heading) or _TIME_COLUMNS.fullmatch(heading) or _PART_COLUMNS.fullmatch(heading))


def is_helper(heading: str) -> bool:
    """Whether a column beside the form's own only helps its reader (number, unit, remark), and adds no figure."""
    return is_remark(heading) or is_number(heading) or names_rows(heading)


@dataclass(frozen=True, eq=False)
class Labels:
    """What the forms of a campaign print, from one change to the next."""

    forms: tuple[Form, ...]

    @cached_property
    def _groups(self) -> dict[str, str]:
        groups = [g for form in self.forms for g in form.groups]
        return {t: g.key for g in groups for t in _with_and_without(label(g.label), "情况")}

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Every group with every spelling of a label in it."""
        return frozenset(pair for form in self.forms for pair in of_form(form))

    @cached_property
    def meanings(self) -> dict[tuple[str, str], frozenset[str]]:
        """The fields that a spelling means in a group, in one month or another."""
        forms = [of_form(form) for form in self.forms]
        return {pair: frozenset(form[pair] for form in forms if pair in form) for pair in self.pairs}

    @cached_property
    def words(self) -> frozenset[str]:
        """Every spelling of a label."""
        return frozenset(text for _, text in self.pairs)

    @cached_property
    def min_labels(self) -> int:
        """How many labels under their groups make the smallest of the forms."""
        return min(form.min_labels for form in self.forms)

    @cached_property
    def min_labels_per_row(self) -> int:
        """A row with fewer of them is not looked at: the labels of a form stand in three rows at most."""
        return max(self.min_labels // 2, 2)

    def group(self, text: str) -> str:
        """The key of the group that a text heads, '' where it heads none."""
        return next((self._groups[t] for t in spellings(text) if t in self._groups), "")

    def word(self, text: str) -> str:
        """The label that a text prints, '' where it prints none."""
        return next((t for t in spellings(text) if t in self.words), "")

    @lru_cache(maxsize=2**8)  # noqa: B019  one instance per process
    def groups_of(self, word: str) -> frozenset[str]:
        """The groups in which a label stands."""
        return frozenset(group for group, text in self.pairs if text == word)

    @cached_property
    def order(self) -> tuple[tuple[tuple[str, frozenset[str]], ...], ...]:
        """For each form its columns in printed order: the group, and the spellings of the label."""
        return tuple(
            tuple((g.key, frozenset(map(label, c.spellings))) for g in form.groups for c in g.columns)
            for form in self.forms
        )


def _with_and_without(text: str, ending: str) -> tuple[str, str]:
    bare = text.removesuffix(ending)
    return bare, f"{bare}{ending}"


@lru_cache(maxsize=8)
def labels_of(forms: tuple[Form, ...]) -> Labels:
    """The labels of those forms."""
    return Labels(forms)


@lru_cache(maxsize=64)
def of_form(form: Form) -> dict[tuple[str, str], str]:
    """The field that each spelling of a label means in each group of a form; where two share one, the first printed."""
    return {(g.key, text): key for g in form.groups for text, key in reversed(list(_spelled(form, g.key)))}


def _spelled(form: Form, group: str) -> Iterator[tuple[str, str]]:
    for g in form.groups:
        if g.key == group:
            yield from ((label(text), c.key) for c in g.columns for text in c.spellings)


@lru_cache(maxsize=64)
def printed(form: Form) -> dict[str, frozenset[str]]:
    """Each field's label as the form prints it, with its 计量单位 and without."""
    return {c.key: frozenset((label(c.label), label(c.label + c.measure))) for c in form.columns}
