#!/usr/bin/env python3
"""A programmable DNS server for the lab: UDP and TCP, standard library only.

    fakedns.py ZONE [--listen 127.0.0.1] [--port 53] [--log FILE]

Zone file, one fact per line; a line that begins with "#" is a comment. The owner may be an IP
address, which stands for its reverse name. Odd bytes in names are written \\DDD or \\c.

    192.0.2.6          PTR    pool6.example.com
    pool6.example.com  A      192.0.2.6
    192.0.2.42         TXT    x            a name that exists: other types are NODATA
    n4.example.com     !      SERVFAIL     fault for every type
    x.example.com      !A     DROP         fault for one type

Faults hold for the name that is asked, not for where its alias leads: an rcode word (FORMERR
SERVFAIL NXDOMAIN NOTIMP REFUSED), DROP (silence), DELAY ms (answer late), TRUNCATE (TC over UDP,
full answer over TCP), NOSOA (negative answer without SOA), RAW hex (these bytes after the id).
An unknown name is NXDOMAIN, a name above a known one has no data. Records are answered in the
file's order, always: no rotation.
"""
import argparse
import asyncio
import ipaddress
import re
import socket
import struct

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}
NAMES = {number: word for word, number in TYPES.items()}
RCODES = {"FORMERR": 1, "SERVFAIL": 2, "NXDOMAIN": 3, "NOTIMP": 4, "REFUSED": 5}
NO_SUCH_NAME = 3
TTL = 60
ALIASES = 8  # links of a chain that are followed
ESCAPE = re.compile(rb"\\(\d{3}|.)", re.DOTALL)


def labels_of_owner(text):
    try:
        return labels_of(ipaddress.ip_address(text).reverse_pointer)
    except ValueError:
        return labels_of(text)


def labels_of(text):
    """The labels of a name in presentation form, as bytes."""
    labels, current, raw, at = [], bytearray(), text.encode("latin1"), 0
    while at < len(raw):
        if raw[at] == 0x5c:
            match = ESCAPE.match(raw, at)
            word = match[1]
            current += bytes([int(word)]) if len(word) == 3 else word
            at = match.end()
        elif raw[at] == 0x2e:
            labels, current, at = labels + [bytes(current)], bytearray(), at + 1
        else:
            current.append(raw[at])
            at += 1
    return tuple(label for label in labels + [bytes(current)] if label)


def key_of(labels):
    return tuple(label.lower() for label in labels)


def wire_name(labels):
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def wire_value(kind, value):
    if kind == "A":
        return socket.inet_pton(socket.AF_INET, value)
    if kind == "AAAA":
        return socket.inet_pton(socket.AF_INET6, value)
    if kind == "MX":
        return b"\0\x0a" + wire_name(labels_of(value))
    if kind == "TXT":
        raw = value.encode("latin1")
        return bytes([len(raw)]) + raw
    return wire_name(labels_of(value))


def record(owner, number, data):
    return wire_name(owner) + struct.pack(">HHIH", number, 1, TTL, len(data)) + data


# An answer without data carries a SOA, as a real server's does.
SOA = record((), 6, wire_name((b"ns", b"test")) + wire_name((b"hostmaster", b"test"))
             + struct.pack(">5I", 1, 3600, 600, 86400, 60))


class Zone:
    def __init__(self, path):
        self.records, self.faults = {(): {}}, {}
        with open(path, encoding="latin1") as lines:
            for line in lines:
                words = line.split()
                if not words or line.startswith("#"):
                    continue
                owner, kind, values = key_of(labels_of_owner(words[0])), words[1].upper(), words[2:]
                if kind.startswith("!"):
                    self.faults.setdefault((owner, kind[1:] or None), []).append(values)
                elif kind in TYPES:
                    # A text is one, spaces and all.
                    self.add(owner, kind, [" ".join(values)] if kind == "TXT" else values)
                else:
                    raise SystemExit(f"unknown type in zone: {line.rstrip()}")

    def add(self, owner, kind, values):
        self.records.setdefault(owner, {}).setdefault(kind, []).extend(values)
        while owner:  # names above it exist, too
            owner = owner[1:]
            self.records.setdefault(owner, {})

    def faults_for(self, name, kind):
        return {words[0].upper(): words[1:] for key in ((name, None), (name, kind))
                for words in self.faults.get(key, [])}


class Server:
    def __init__(self, zone, log):
        self.zone, self.log = zone, log

    def answer(self, query, tcp):
        """The answer's bytes or None for silence, and how many seconds late it comes."""
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]])
            at += 1 + query[at]
        number = struct.unpack(">H", query[at + 1:at + 3])[0]
        question, name, kind = query[12:at + 5], key_of(labels), NAMES.get(number, str(number))
        faults = self.zone.faults_for(name, kind)
        if self.log:
            print(b".".join(name).decode("latin1"), kind, "tcp" if tcp else "udp", *sorted(faults),
                  file=self.log, flush=True)
        late = int(faults["DELAY"][0]) / 1000 if "DELAY" in faults else 0
        if "DROP" in faults:
            return None, late
        if "RAW" in faults:
            return query[:2] + bytes.fromhex(faults["RAW"][0]), late
        rcode = next((RCODES[word] for word in faults if word in RCODES), None)
        body, answers, authority = b"", 0, 0
        if rcode is None:
            rcode, answers, body, found = self.look_up(name, kind, number)
            if not found and "NOSOA" not in faults:
                body, authority = body + SOA, 1
        flags = 0x8580 | rcode
        room = 65535 if tcp else self.room(query, at + 5)
        if (not tcp and "TRUNCATE" in faults) or 12 + len(question) + len(body) > room:
            flags, answers, authority, body = flags | 0x0200, 0, 0, b""
        header = struct.pack(">HHHHH", flags, 1, answers, authority, 0)
        return query[:2] + header + question + body, late

    def look_up(self, name, kind, number):
        """The rcode of where the chain ends, and every record on the way."""
        body, answers, current = b"", 0, name
        for _ in range(ALIASES):
            here = self.zone.records.get(current)
            if here is None:
                return NO_SUCH_NAME, answers, body, False
            alias = here.get("CNAME")
            if alias and kind != "CNAME":
                body, answers = body + record(current, 5, wire_value("CNAME", alias[0])), answers + 1
                current = key_of(labels_of(alias[0]))
                continue
            for value in here.get(kind, []):
                body, answers = body + record(current, number, wire_value(kind, value)), answers + 1
            return 0, answers, body, kind in here
        return 0, answers, body, False

    @staticmethod
    def room(query, at):
        """Bytes the client takes over UDP: 512, or what its OPT record says."""
        if struct.unpack(">H", query[10:12])[0] and query[at:at + 3] == b"\0\0\x29":
            return max(512, struct.unpack(">H", query[at + 3:at + 5])[0])
        return 512

    async def serve_tcp(self, reader, writer):
        try:
            while True:
                length = struct.unpack(">H", await reader.readexactly(2))[0]
                answer, late = self.answer(await reader.readexactly(length), tcp=True)
                await asyncio.sleep(late)
                if answer is not None:
                    writer.write(struct.pack(">H", len(answer)) + answer)
        except (asyncio.IncompleteReadError, ConnectionError, IndexError, struct.error):
            pass
        finally:
            writer.close()


class Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server):
        self.server = server

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, query, peer):
        try:
            answer, late = self.server.answer(query, tcp=False)
        except (IndexError, struct.error):
            return
        if answer is None:
            return
        if late:
            asyncio.get_running_loop().call_later(late, self.transport.sendto, answer, peer)
        else:
            self.transport.sendto(answer, peer)


async def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("zone")
    arguments.add_argument("--listen", default="127.0.0.1")
    arguments.add_argument("--port", type=int, default=53)
    arguments.add_argument("--log")
    chosen = arguments.parse_args()
    log = open(chosen.log, "w", encoding="latin1") if chosen.log else None
    server = Server(Zone(chosen.zone), log)
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    udp.bind((chosen.listen, chosen.port))
    udp.setblocking(False)
    await asyncio.get_running_loop().create_datagram_endpoint(lambda: Datagrams(server), sock=udp)
    listener = await asyncio.start_server(server.serve_tcp, chosen.listen, chosen.port, backlog=200)
    await listener.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
