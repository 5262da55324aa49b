#!/bin/sh
# A CNI plugin that wires a pod as openshift-sdn does: a veth with a random name on
# br0, whose external_ids name the sandbox and its address; the result names only
# the interface inside.
set -eu
config=$(cat)
port() {
    ovs-vsctl --bare --columns=name find Interface \
        "external_ids:sandbox=$CNI_CONTAINERID"
}
case $CNI_COMMAND in
    ADD)
        netns=${CNI_NETNS##*/}
        veth=veth$(od -An -N4 -tx4 /dev/urandom | tr -d ' ')
        address=$(printf %s "$config" | "$CNI_PATH/host-local" |
            sed -n 's/.*"address": "\([^"]*\)".*/\1/p')
        ip link add name "$veth" type veth peer name "$CNI_IFNAME" netns "$netns"
        ip link set "$veth" up
        ip -netns "$netns" address add "$address" dev "$CNI_IFNAME"
        ip -netns "$netns" link set "$CNI_IFNAME" up
        ip -netns "$netns" route add default via 10.128.0.1
        mac=$(ip netns exec "$netns" cat "/sys/class/net/$CNI_IFNAME/address")
        ovs-vsctl add-port br0 "$veth" -- set Interface "$veth" \
            "external_ids:sandbox=$CNI_CONTAINERID" "external_ids:ip=${address%/*}"
        printf '{"cniVersion": "0.4.0", "interfaces": [{"name": "%s", "mac": "%s",' \
            "$CNI_IFNAME" "$mac"
        printf ' "sandbox": "%s"}], "ips": [{"version": "4", "interface": 0,' \
            "$CNI_NETNS"
        printf ' "address": "%s"}]}\n' "$address"
        ;;
    DEL)
        veth=$(port)
        [ -z "$veth" ] || ovs-vsctl --if-exists del-port br0 "$veth"
        [ -z "$veth" ] || ip link delete "$veth" 2>/dev/null || true
        printf %s "$config" | "$CNI_PATH/host-local"
        ;;
    VERSION)
        echo '{"cniVersion": "0.4.0", "supportedVersions": ["0.3.1", "0.4.0"]}'
        ;;
esac
