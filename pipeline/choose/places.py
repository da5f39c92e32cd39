"""Where a table or a file belongs: which unit and month it counts for, or the run that tells of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.county import County
from pipeline.model import (
    COUNTED,
    FOREIGN,
    IGNORED,
    NARRATIVE,
    SCAN,
    UNPLACED,
    UNREAD,
    Contacts,
    Disposition,
    Month,
    Reading,
    Return,
    Source,
)

_OUTCOME = {"FILE-1": UNREAD, "FILE-2": FOREIGN, "FILE-3": SCAN}
MISDATED = "PERIOD-4"
_NOT_ON_ROSTER = "填报单位不在应报单位名单中"


@dataclass(frozen=True)
class Places:
    """The county's months and units; `period` is the run that takes what came at a time nobody knows."""

    county: County
    period: Month | None

    def dispositions(self, reading: Reading) -> list[Disposition]:
        """What becomes of a file and of the tables in it, each taken for itself."""
        source = reading.source
        if reading.ignored:
            return [Disposition(source, None, IGNORED, self._run_of(source), reading, why=reading.ignored)]
        if reading.tables:
            return [self._of_table(reading, t) for t in reading.tables]
        if reading.narrative:
            month = reading.month if reading.month and self.county.in_campaign(reading.month) else self._run_of(source)
            return [Disposition(source, None, NARRATIVE, month, reading)]
        # A scan of a unit nobody knows may be any paper of anyone: it is listed, not reported.
        quiet = reading.quiet or (reading.rule == "FILE-3" and not reading.unit)
        rule = "" if quiet else reading.rule
        return [Disposition(source, None, _OUTCOME[reading.rule], self._run_of(source), reading, rule, reading.detail)]

    def _run_of(self, source: Source) -> Month:
        """The run that tells of a file which does not say where it belongs."""
        if source.undated and self.period:
            return self.period
        return self.county.belonging(source.due_month)

    def _of_table(self, reading: Reading, table: Return | Contacts) -> Disposition:
        source = reading.source
        if isinstance(table, Contacts):
            if table.unit:
                return Disposition(source, table, COUNTED, None, reading)
            return Disposition(source, table, UNPLACED, self._run_of(source), reading, "UNIT-1", _NOT_ON_ROSTER)
        if table.aside:
            month = table.month if table.month and self.county.in_campaign(table.month) else self._run_of(source)
            return Disposition(source, table, UNPLACED, month, reading, why=table.aside)
        rule, why = self._unplaced(table)
        if not rule and source.by_phone and table.is_blank:
            return Disposition(source, table, IGNORED, table.month, reading, why="电话更正表尚未填写")
        if not rule:
            return self._misdated(Disposition(source, table, COUNTED, table.month, reading), table)
        named = table.month if not rule.startswith("PERIOD") else None
        month = named if named and self.county.in_campaign(named) else self._run_of(source)
        return Disposition(source, table, UNPLACED, month, reading, rule, why)

    def _misdated(self, disposition: Disposition, filed: Return) -> Disposition:
        """The return, reported where its file's name gives the month that was due, and the form an earlier one."""
        due, named = filed.source.due_month, filed.month_in_name
        if filed.source.undated or filed.source.by_phone or named != due or not filed.month or filed.month >= due:
            return disposition
        if not self.county.in_campaign(due) or not self.county.on_roster(filed.unit, due):
            return disposition
        return replace(disposition, rule=MISDATED, why=f"文件名是{due.zh}的，表内统计时间是{filed.month.zh}", run=due)

    def _unplaced(self, filed: Return) -> tuple[str, str]:
        """The rule for which a return cannot be counted, and why; '' where it can."""
        if not filed.unit:
            return "UNIT-1", filed.unit_fault or _NOT_ON_ROSTER
        if filed.month is None:
            return "PERIOD-1", filed.month_fault
        if filed.month > filed.source.due_month:
            return "PERIOD-2", f"收到时{filed.month.zh}尚未结束"
        if not self.county.in_campaign(filed.month):
            return "PERIOD-2", f"{filed.month.zh}不在专项整治期内"
        if not self.county.on_roster(filed.unit, filed.month):
            return "UNIT-1", f"{filed.month.zh}该单位不在应报单位名单中"
        return ("FORM-3", filed.row_fault) if filed.row_fault else ("", "")
