/* Ping and interfaces of a Linux host; see host.h. */
#include "backends/drivers/host.h"
#include "backends/parse/linux_link.h"
#include "backends/parse/ping.h"

const struct ping_query host_ping[1] = {
	{ 0, "ping -n -c {count} -i 0.2 -W 1 [-I {local} ]{neighbor}",
	    "ip vrf exec {vrf} ping -n -c {count} -i 0.2 -W 1 {neighbor}", true, ping_read },
};

const struct iface_query host_iface[1] = {
	{ 0, "ip -j route get {neighbor}", "ip -j route get vrf {vrf} {neighbor}", linux_route_device,
	    "ip -s -j link show dev {interface}", linux_link_read, .shell = true },
};
