"""pandera's verdict on a frame, as rule, column and rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # imported when it is needed: the readers start meanwhile
    import pandas as pd
    import pandera.pandas as pa


def failures(
    rules: Collection[str], schema: pa.DataFrameSchema, frame: pd.DataFrame
) -> Iterator[tuple[str, str, list[int]]]:
    """Each rule that the frame breaks: its id, the column it was judged on (the schema's name where on all), the rows.

    A check that cannot be carried out stops the run with its name: it is our own fault, never a finding.
    """
    import pandera.pandas as pa

    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as failed:
        for error in failed.schema_errors:
            rule = getattr(error.check, "name", None)
            if rule not in rules or error.reason_code is not pa.errors.SchemaErrorReason.DATAFRAME_CHECK:
                raise RuntimeError(f"check {rule or error.check} of schema {schema.name} broke: {error}") from error
            # A frame-wide failure is reported once per column; the rows are what counts.
            yield str(rule), str(error.schema.name), sorted({int(i) for i in error.failure_cases["index"]})
