"""Reading: the files of the inbox to readings."""

from __future__ import annotations

from pathlib import Path

from pipeline.county import County
from pipeline.model import Reading
from pipeline.read.attachment import read_attachment
from pipeline.read.inbox import attachments
from pipeline.read.names import Names


def read_inbox(inbox: Path, county: County) -> list[Reading]:
    """One reading for every file below the inbox, in the order of paths."""
    names = Names(county)
    return [read_attachment(a, county, names) for a in attachments(inbox)]
