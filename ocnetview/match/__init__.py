"""Pure joins, one question each."""
