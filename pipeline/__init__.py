"""The monthly returns of a county's units, from `inbox/` to `outbox/`."""
