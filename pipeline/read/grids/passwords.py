"""Workbooks locked with Excel's built-in password: Excel never asked anyone for it, and neither do we."""

from __future__ import annotations

import io

BUILT_IN = "VelvetSweatshop"


def unlocked(data: bytes) -> bytes | None:
    """The workbook without its built-in password; None where it is locked with another, or not at all."""
    import msoffcrypto

    try:
        book = msoffcrypto.OfficeFile(io.BytesIO(data))
        if not book.is_encrypted():
            return None
        book.load_key(password=BUILT_IN)
        out = io.BytesIO()
        book.decrypt(out)
    except Exception:  # noqa: BLE001  a wrong password and a broken file raise alike
        return None
    return out.getvalue()
