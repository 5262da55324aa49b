"""Everything about one thing, as lines that the screen and the reports share."""
