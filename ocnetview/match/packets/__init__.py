"""A packet's bytes -> what it says, and a row for it."""
