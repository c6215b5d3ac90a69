#!/usr/bin/env python3
"""Writes a synthetic PeeringDB of full size (34,000 networks, 270,000 objects) as dump files NAME-0.json.

usage: pdb_data.py DIR [SCALE]      SCALE 1.0 is full size

Shapes, field order and lengths are those of the real API (server 2.82); names, numbers and addresses are made up and
the same on every run.
"""
import json
import os
import random
import sys

SIZES = {"org": 34000, "fac": 5900, "net": 34000, "ix": 1300, "ixlan": 1300, "ixpfx": 2600, "ixfac": 4800, "netixlan": 66000,
         "netfac": 68000, "poc": 48000, "carrier": 320, "carrierfac": 3600, "campus": 80}
ROLES = ("NOC", "Technical", "Policy", "Abuse", "Maintenance", "Sales", "Public Relations")
STAMP = "2026-{:02}-{:02}T{:02}:{:02}:07Z"


class Maker:
    def __init__(self, scale):
        self.n = {tag: max(1, int(size * scale)) for tag, size in SIZES.items()}
        self.r = random.Random(64500)

    def when(self):
        r = self.r
        return STAMP.format(r.randint(1, 11), r.randint(1, 20), r.randint(0, 23), r.randint(0, 59))

    def words(self, n):
        return " ".join(self.r.choice(("network", "peering", "regional", "transit", "we", "exchange", "with", "all", "please", "traffic",
                                       "the", "request", "sessions", "both", "families")) for _ in range(n))

    def head(self, i, more):
        return dict({"id": i}, **more, created="2019-03-01T10:00:00Z", updated=self.when(), status="ok")

    def address(self):
        return {"address1": f"{self.r.randint(1, 400)} Example Road", "address2": "", "city": "Sampletown", "country": "NL", "state": "",
                "zipcode": "1000 AA", "floor": "", "suite": "", "latitude": None, "longitude": None}

    def org(self, i):
        return self.head(i, dict({"name": f"Organization {i} Ltd", "aka": "", "name_long": "", "website": f"https://org{i}.example",
                                  "social_media": [{"service": "website", "identifier": f"https://org{i}.example"}], "notes": "",
                                  "logo": None}, **self.address()))

    def fac(self, i):
        return self.head(i, dict({"org_id": i, "org_name": f"Organization {i} Ltd", "campus_id": None, "name": f"Building {i}", "aka": "",
                                  "name_long": "", "website": "", "social_media": [], "clli": "", "rencode": "", "npanxx": "", "notes": "",
                                  "net_count": 7, "ix_count": 1, "carrier_count": 1, "sales_email": f"sales@fac{i}.example",
                                  "sales_phone": "+12025550100", "tech_email": f"noc@fac{i}.example", "tech_phone": "+12025550101",
                                  "available_voltage_services": [], "diverse_serving_substations": None, "property": None,
                                  "region_continent": "Europe", "status_dashboard": "", "logo": None}, **self.address()))

    def net(self, i):
        r = self.r
        return self.head(i, {"org_id": i, "name": f"Network {i} " + self.words(2), "aka": f"NET{i}", "name_long": "",
                             "website": f"https://net{i}.example", "social_media": [{"service": "website",
                             "identifier": f"https://net{i}.example"}], "asn": i + 1000, "looking_glass": "", "route_server": "",
                             "irr_as_set": f"RIPE::AS-NET{i}", "info_type": "NSP", "info_types": ["NSP"],
                             "info_prefixes4": r.choice((None, 20, 500, 3000)), "info_prefixes6": r.choice((None, 10, 100)),
                             "info_traffic": "1-5Gbps", "info_ratio": "Balanced", "info_scope": "Europe", "info_unicast": True,
                             "info_multicast": False, "info_ipv6": True, "info_never_via_route_servers": False, "ix_count": 2,
                             "fac_count": 2, "notes": self.words(r.choice((0, 5, 20, 60))), "netixlan_updated": self.when(),
                             "netfac_updated": self.when(), "poc_updated": self.when(), "policy_url": "", "policy_general": "Open",
                             "policy_locations": "Not Required", "policy_ratio": False, "policy_contracts": "Not Required",
                             "allow_ixp_update": False, "status_dashboard": None, "rir_status": "ok", "rir_status_updated": self.when(),
                             "logo": None})

    def ix(self, i):
        return self.head(i, {"org_id": i, "name": f"IX-{i}", "aka": "", "name_long": f"Internet Exchange {i}", "city": "Sampletown",
                             "country": "NL", "region_continent": "Europe", "media": "Ethernet", "notes": self.words(10),
                             "proto_unicast": True, "proto_multicast": False, "proto_ipv6": True, "website": f"https://ix{i}.example",
                             "social_media": [], "url_stats": "", "tech_email": f"noc@ix{i}.example", "tech_phone": "+12025550102",
                             "policy_email": "", "policy_phone": "", "sales_phone": "", "sales_email": "", "net_count": 50, "fac_count": 3,
                             "ixf_net_count": 0, "ixf_last_import": None, "ixf_import_request": None, "ixf_import_request_status": "",
                             "service_level": "Not Disclosed", "terms": "Not Disclosed", "status_dashboard": None, "logo": None})

    def ixlan(self, i):
        return self.head(i, {"ix_id": i, "name": "", "descr": "", "mtu": 1500, "dot1q_support": False, "rs_asn": 60000 + i,
                             "arp_sponge": None, "ixf_ixp_member_list_url_visible": "Private", "ixf_ixp_import_enabled": False})

    def ixpfx(self, i):
        lan = (i - 1) % self.n["ixlan"] + 1
        four = i <= self.n["ixlan"]
        return self.head(i, {"ixlan_id": lan, "protocol": "IPv4" if four else "IPv6",
                             "prefix": f"100.{64 + lan // 256}.{lan % 256}.0/24" if four else f"2001:db8:{lan:x}::/64", "in_dfz": False,
                             "notes": ""})

    def ixfac(self, i):
        return self.head(i, {"name": f"Building {i % self.n['fac'] + 1}", "city": "Sampletown", "country": "NL",
                             "ix_id": i % self.n["ix"] + 1, "fac_id": i % self.n["fac"] + 1})

    def netixlan(self, i):
        ix, net = self.r.randint(1, self.n["ix"]), self.r.randint(1, self.n["net"])
        return self.head(i, {"net_id": net, "ix_id": ix, "name": f"IX-{ix}", "ixlan_id": ix, "notes": "", "speed": 10000,
                             "asn": net + 1000, "ipaddr4": f"100.{64 + ix // 256}.{ix % 256}.{i % 254 + 1}",
                             "ipaddr6": f"2001:db8:{ix:x}::{i:x}", "is_rs_peer": bool(i % 2), "bfd_support": False, "operational": True,
                             "net_side_id": None, "ix_side_id": None})

    def netfac(self, i):
        net, fac = self.r.randint(1, self.n["net"]), self.r.randint(1, self.n["fac"])
        return self.head(i, {"name": f"Building {fac}", "city": "Sampletown", "country": "NL", "net_id": net, "fac_id": fac,
                             "local_asn": net + 1000})

    def poc(self, i):
        net = self.r.randint(1, self.n["net"])
        return self.head(i, {"net_id": net, "role": ROLES[i % 7], "visible": "Public", "name": "Operations", "phone": "+12025550103",
                             "email": f"noc@net{net}.example", "url": ""})

    def carrier(self, i):
        return self.head(i, {"org_id": i, "org_name": f"Organization {i} Ltd", "name": f"Carrier {i}", "aka": "", "name_long": "",
                             "website": "", "social_media": [], "notes": "", "fac_count": 3, "logo": None})

    def carrierfac(self, i):
        return self.head(i, {"name": "Building", "carrier_id": i % self.n["carrier"] + 1, "fac_id": i % self.n["fac"] + 1})

    def campus(self, i):
        return self.head(i, {"org_id": i, "org_name": f"Organization {i} Ltd", "name": f"Campus {i}", "name_long": "", "aka": "",
                             "website": "", "social_media": [], "notes": "", "country": "NL", "city": "Sampletown", "zipcode": "",
                             "state": ""})


def main():
    folder = sys.argv[1]
    maker = Maker(float(sys.argv[2]) if len(sys.argv) > 2 else 1.0)
    os.makedirs(folder, exist_ok=True)
    for tag, count in maker.n.items():
        make = getattr(maker, tag)
        with open(os.path.join(folder, tag + "-0.json"), "w", encoding="utf-8") as f:
            f.write('{"data": [')
            for i in range(1, count + 1):
                f.write((", " if i > 1 else "") + json.dumps(make(i)))
            f.write('], "meta": {"generated": 1795000000.5}}')


if __name__ == "__main__":
    main()
