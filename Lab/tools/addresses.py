#!/usr/bin/env python3
"""Raises lo and gives it addresses and whole ranges, through netlink.

    addresses.py 192.0.2.250 2001:db8::250 198.18.0.0/15 2001:db8:18::/48

A range becomes a local route: every address in it can be bound and answers, without being
added one by one. For IPv6 the kernel wants net.ipv6.ip_nonlocal_bind besides.
"""
import fcntl
import ipaddress
import os
import socket
import struct
import sys

SIOCSIFFLAGS, IFF_UP_LOOPBACK_RUNNING = 0x8914, 0x49
RTM_NEWADDR, RTM_NEWROUTE, REQUEST_ACK_CREATE_EXCL = 20, 24, 0x1 | 0x4 | 0x400 | 0x200
IFA_ADDRESS, IFA_LOCAL, IFA_F_NODAD = 1, 2, 0x02
RTA_DST, RTA_OIF = 1, 4
TABLE_LOCAL, PROTOCOL_STATIC, SCOPE_HOST, TYPE_LOCAL = 255, 4, 254, 2
FILE_EXISTS = 17


def attribute(kind, value):
    return struct.pack("HH", 4 + len(value), kind) + value + b"\0" * (-len(value) % 4)


def address_request(address, index):
    six = address.version == 6
    body = struct.pack("BBBBI", socket.AF_INET6 if six else socket.AF_INET, address.max_prefixlen,
                       IFA_F_NODAD if six else 0, 0, index)
    return RTM_NEWADDR, body + attribute(IFA_LOCAL, address.packed) + attribute(IFA_ADDRESS, address.packed)


def route_request(network, index):
    family = socket.AF_INET6 if network.version == 6 else socket.AF_INET
    scope = 0 if network.version == 6 else SCOPE_HOST
    body = struct.pack("BBBBBBBBI", family, network.prefixlen, 0, 0, TABLE_LOCAL, PROTOCOL_STATIC,
                       scope, TYPE_LOCAL, 0)
    body += attribute(RTA_DST, network.network_address.packed)
    return RTM_NEWROUTE, body + attribute(RTA_OIF, struct.pack("I", index))


def main():
    with socket.socket() as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP_LOOPBACK_RUNNING))
    with open("/proc/sys/net/ipv6/ip_nonlocal_bind", "w") as switch:
        switch.write("1")
    index = socket.if_nametoindex("lo")
    netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    failed = 0
    for word in sys.argv[1:]:
        if "/" in word:
            kind, body = route_request(ipaddress.ip_network(word), index)
        else:
            kind, body = address_request(ipaddress.ip_address(word), index)
        netlink.send(struct.pack("IHHII", 16 + len(body), kind, REQUEST_ACK_CREATE_EXCL, 1, 0) + body)
        error = -struct.unpack("i", netlink.recv(4096)[16:20])[0]
        if error not in (0, FILE_EXISTS):
            print(f"{word}: {os.strerror(error)}", file=sys.stderr)
            failed = 1
    return failed


sys.exit(main())
