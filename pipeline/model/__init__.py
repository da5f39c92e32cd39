"""The frozen values that travel from the inbox to the outbox."""

from pipeline.model.county_month import (
    AT_FAULT,
    EMPTY,
    IN_TIME,
    LATE,
    NOT_DUE,
    NOT_LISTED,
    NOT_REPORTED,
    STATUSES,
    ChangedTotal,
    Correction,
    CountyMonth,
    Listed,
    MonthSum,
    ReportingStatus,
    Sent,
    StillOpen,
    Traced,
    UnitRow,
    UnitYear,
)
from pipeline.model.decided import (
    COUNTED,
    DUPLICATE,
    EARLIER,
    FOREIGN,
    GONE,
    IGNORED,
    LATER,
    NARRATIVE,
    SCAN,
    SUPERSEDED,
    UNPLACED,
    UNREAD,
    Choice,
    Disposition,
    Versions,
)
from pipeline.model.found import (
    CLOSED,
    CONFIRMED,
    EXPLAINED,
    OPEN,
    Finding,
    LedgerLine,
    OldLedger,
    Said,
)
from pipeline.model.grid import Grid, GridRow, Unresolved, Words, address, cached_on_row
from pipeline.model.month import BEIJING, Month, day_zh
from pipeline.model.received import (
    CONTAINER,
    FILE,
    FOLDER,
    FORM,
    PHONE_FOLDER,
    SHEET,
    Attachment,
    BookRow,
    Contacts,
    CountyBook,
    Explanation,
    Figure,
    Header,
    Person,
    Reading,
    Return,
    Source,
    Stated,
)
from pipeline.model.remembered import WAS, WITHDRAWN, MovedOut, Remembered, Written
from pipeline.model.text import LOST, clean, clean_name
from schemas.columns import Value
