"""What a unit's answer to a line is now, and whether staff have refused it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.model import OPEN, LedgerLine, Said
from pipeline.sheets import EXPLANATION, STATUS
from pipeline.wording import same_words


def answered(line: LedgerLine, said: Sequence[Said], known: Mapping[str, str]) -> tuple[str, bool]:
    """The words that hold, '' where there are none, and whether staff set back to 待处理 what these had explained.

    `said` are the unit's words in the order of arrival, `known` the files of the ledger in which the line stands, with
    their SHA-256. Words are new where no file that the ledger knew says them, nor the ledger itself.
    """
    standing = line.text(EXPLANATION)
    old = [standing, *(s.text for s in said if known.get(s.source.path) == s.source.sha256)]
    new = [s.text for s in said if not any(same_words(s.text, text) for text in old)]
    if new:
        return new[-1], False
    return standing or old[-1], bool(standing) and line.text(STATUS) in ("", OPEN)
