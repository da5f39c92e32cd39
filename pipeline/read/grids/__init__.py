"""From bytes to grids: what kind of file it is, what lies in it, and what a reader of the printed sheet sees of it."""
