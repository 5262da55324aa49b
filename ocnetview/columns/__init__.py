"""Title, width, text, JSON value and sort key of each column, once for all views."""

from ocnetview.columns.column import NOTHING, Column, Json, Row
from ocnetview.columns.pods import POD_COLUMNS
from ocnetview.columns.ports import PORT_COLUMNS
from ocnetview.columns.processes import PROCESS_COLUMNS, guides

__all__ = [
    "NOTHING",
    "POD_COLUMNS",
    "PORT_COLUMNS",
    "PROCESS_COLUMNS",
    "Column",
    "Json",
    "Row",
    "guides",
]
