"""The office's own papers, read again: ledgers, what was sent up, the program's sheets in a unit's file."""
