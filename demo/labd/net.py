"""The lab's wires, as input for `ip -batch`: who is connected to what.

The main namespace, where the console runs, holds two bridges: the management network
(with the console's own address) and the exchange LAN (with none).  Every node has a
network namespace of its own, known here by a file descriptor's path.
"""
import topology as top


def _port(node, name, bridge, path):
    outside = f"{node.name}-{name}"
    return [f"link add name {outside} type veth peer name {name} netns {path}",
            f"link set {outside} master {bridge}", f"link set {outside} up"]


def main_batch(paths):
    """Commands for the main namespace; paths: node name -> path of its network namespace."""
    lines = ["link set lo up"]
    for bridge in ("mgmt", "ix"):
        lines += [f"link add name {bridge} type bridge mcast_snooping 0", f"link set {bridge} up"]
    lines.append(f"address add {top.CONSOLE}/24 dev mgmt")
    for node in top.ROUTERS:
        lines += _port(node, "mgmt0", "mgmt", paths[node.name])
    for node in top.ROUTERS + top.HOSTS:
        if node.name != "t1":
            lines += _port(node, "ix0", "ix", paths[node.name])
    for router in top.ROUTERS:
        lines.append(f"link add name pni0 netns {paths[router.name]} type veth "
                     f"peer name {router.name} netns {paths['t1']}")
    return lines


def _address(address, length, device):
    # nodad: an address must be usable at once, and nobody else is on these wires
    return f"address add {address}/{length} dev {device}" + (" nodad" if ":" in address else "")


def _link_up(device, number):
    # a link-local address of our own choice, because the kernel's is tentative for a second
    # and sessions over IPv6 would come up without one
    return [f"link set {device} addrgenmode none", f"link set {device} up",
            _address(f"fe80::{number:x}", 64, device)]


def node_batch(node):
    """Commands for the namespace of one node."""
    lines = ["link set lo up"]
    if node.name == "t1":
        for router in top.ROUTERS:
            lines += _link_up(router.name, node.number)
            for family, length in ((4, 30), (6, 64)):
                lines.append(_address(top.link_addresses(router, family)[1], length, router.name))
        return lines
    lines += _link_up("ix0", node.number)
    if node in top.ROUTERS:
        lines += _link_up("mgmt0", node.number) + _link_up("pni0", node.number)
        lines.append(_address(top.management(node), 24, "mgmt0"))
        suffixes = [node.number]
        for family, length in ((4, 30), (6, 64)):
            lines.append(_address(top.link_addresses(node, family)[0], length, "pni0"))
    else:
        suffixes = [peer.suffix for peer in top.PEERS if peer.host == node.name]
    for suffix in suffixes:
        lines.append(_address(top.ix_address(suffix, 4), 24, "ix0"))
        lines.append(_address(top.ix_address(suffix, 6), 64, "ix0"))
    return lines
