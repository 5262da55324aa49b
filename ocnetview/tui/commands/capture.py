"""What the keys do in the setup of a capture, and in the list of its packets."""

from __future__ import annotations

from textual.binding import Binding

OF_SETUP = (
    Binding(
        "escape,q",
        "leave",
        "Close",
        tooltip="Close: what you chose is offered the next time",
        id="leave_setup",
    ),
    Binding(
        "enter",
        "start",
        "Start",
        tooltip="Check what you chose, then capture",
        id="start_capture",
    ),
    Binding(
        "slash",
        "filter",
        "Filter",
        tooltip="Type which packets you want, as tcpdump takes it",
        show=False,
        id="filter_capture",
    ),
    Binding(
        "up",
        "common(-1)",
        "Filter before",
        tooltip="Where the filter is typed: the common one before",
        show=False,
        id="filter_before",
    ),
    Binding(
        "down",
        "common(1)",
        "Next filter",
        tooltip="Where the filter is typed: the next common one",
        show=False,
        id="next_filter",
    ),
    Binding(
        "y",
        "copy",
        "Copy",
        tooltip="Copy the commands that capture the same",
        show=False,
        id="copy_setup",
    ),
    Binding(
        "question_mark,f1",
        "help",
        "Help",
        tooltip="These keys, and the signs; F1 also where you type",
        id="setup_help",
    ),
)
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
        "y",
        "copy",
        "Copy",
        tooltip="Copy what is shown, or the commands that capture the same",
        id="copy_capture",
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
