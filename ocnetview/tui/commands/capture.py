"""What the keys do while packets are listed, for the screen, the help, the keymap."""

from __future__ import annotations

from textual.binding import Binding

OF_CAPTURE = (
    Binding(
        "escape",
        "back",
        "Leave",
        tooltip="End the filter, else leave: the capture goes on behind the panes, or"
        " ends, as you like",
        id="leave_capture",
    ),
    Binding("q", "leave", "Leave", show=False),
    Binding(
        "x,s,ctrl+c",
        "stop",
        "Stop",
        tooltip="Stop the capture; what was captured stays",
        id="stop_capture",
    ),
    Binding(
        "enter",
        "open",
        "Packet",
        tooltip="All that the packet says, and its bytes",
        id="open_packet",
    ),
    Binding(
        "space,p",
        "hold",
        "Hold",
        tooltip="Hold the list as it is; the capture goes on. Again: all of it",
        id="hold_packets",
    ),
    Binding(
        "slash",
        "filter",
        "Filter",
        tooltip="Show only the packets that hold what you type",
        id="filter_packets",
    ),
    Binding(
        "l",
        "lost",
        "Lost",
        tooltip="Of two spots: only what was lost between them, then all",
        id="lost_packets",
    ),
    Binding(
        "w",
        "save",
        "Save",
        tooltip="Write what is kept in memory into a pcapng file",
        id="save_packets",
    ),
    Binding(
        "n",
        "new",
        "New",
        tooltip="Begin another capture, with what you chose for this one",
        id="new_capture",
    ),
    Binding(
        "question_mark,f1",
        "help",
        "Help",
        tooltip="These keys, and the signs",
        id="capture_help",
    ),
)
