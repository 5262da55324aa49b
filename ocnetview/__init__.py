"""See which pod, veth, bridge port and process belong together on a node, live."""
