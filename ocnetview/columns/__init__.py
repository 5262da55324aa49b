"""Title, width, text, JSON value and sort key of each column, once for all views."""

from ocnetview.columns.column import NOTHING, Column, Json, Row
from ocnetview.columns.fields import (
    POD_FIELDS,
    PORT_FIELDS,
    PROCESS_FIELDS,
)
from ocnetview.columns.matching import Fields, Filter
from ocnetview.columns.pods import POD_COLUMNS
from ocnetview.columns.ports import PORT_COLUMNS
from ocnetview.columns.processes import PROCESS_COLUMNS, guides, handle

__all__ = [
    "NOTHING",
    "POD_COLUMNS",
    "POD_FIELDS",
    "PORT_COLUMNS",
    "PORT_FIELDS",
    "PROCESS_COLUMNS",
    "PROCESS_FIELDS",
    "Column",
    "Fields",
    "Filter",
    "Json",
    "Row",
    "guides",
    "handle",
]
