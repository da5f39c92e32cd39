"""From grids to returns: headers, rows and what is said of unit and month; what has one reading is taken, the rest is reported."""
