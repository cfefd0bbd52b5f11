#!/usr/bin/env python3
"""Writes the situations that the seeded run lacks: edges of the syntaxes, each on both its sides.

    make.py DIR [--search]      writes DIR/situations.ndjson and DIR/lab.zone

Found by Lab/mutate: a mutant that survived the seeded run named the shape that would have caught it.
With --search those that mean something only where resolv.conf has a search list.
"""
import ipaddress
import json
import pathlib
import sys

SHARED = [
    "mx.dest.test A 192.0.2.250", "mx.dest.test AAAA 2001:db8::250", "dest.test A 192.0.2.250",
    "dest.test MX mx.dest.test", "250.2.0.192.in-addr.arpa PTR mx.dest.test",
    "sender.test A 192.0.2.7", "sender.test MX mx.dest.test",
]
# Numbers apart from those of the seeded run.
FIRST = 100_000
situations = []


def client(number, is_v6):
    if is_v6:
        return f"2001:db8:18:{number % 65536:x}::f9e"
    return f"198.19.{number // 200 % 200 + 50}.{number % 200 + 20}"


def add(server, settings, helo="plain.lab.test", names=("confirmed",), v6=False, zone=(), what=""):
    """One situation per setting; {own} stands for the client, {n} for the situation's number."""
    for setting in settings.split():
        number = FIRST + len(situations)
        own = client(number - FIRST, v6)
        reverse = ipaddress.ip_address(own).reverse_pointer
        kind = "AAAA" if v6 else "A"
        lines = ["plain.lab.test A 192.0.2.9"] if helo == "plain.lab.test" else []
        for index, name in enumerate(names):
            if name == "confirmed":
                name = f"e{number}-{index}.lab.test"
                lines.append(f"{name} {kind} {own}")
            lines.append(f"{reverse} PTR {name}")
        values = {"own": own, "n": number, "reverse": reverse, "kind": kind}
        lines += [line.format(**values) for line in zone]
        situations.append({
            "client": own, "features": ["v6" if v6 else "v4", f"edge:{what or helo}"[:60]],
            "helo": helo.format(**values), "id": number, "server": server, "setting": setting,
            "zone": lines})


def names_of(name):
    return [name.replace("#", "{n}")]


def reverse_edges():
    """What a PTR look-up and its names may give, at every setting that looks."""
    looking = {
        "postfix": "client-450 client-550 reverse-550", "exim": "reverse reverse-bydns verify-hosts",
        "sendmail": "rdns", "opensmtpd": "rdns fcrdns"}
    families = {"A": "AAAA", "AAAA": "A"}
    for server, settings in looking.items():
        for v6 in (False, True):
            own = "AAAA" if v6 else "A"
            other = families[own]
            for fault in ("SERVFAIL", "FORMERR", "REFUSED", "NOTIMP"):
                add(server, settings, names=(), v6=v6, zone=["{reverse} ! " + fault],
                    what=f"reverse {fault}")
                add(server, settings, names=["f{n}.lab.test"], v6=v6,
                    zone=["f{n}.lab.test ! " + fault], what=f"forward {fault}")
                # One family fails, the other one exists without addresses, or has one.
                for failing, quiet in ((own, other), (other, own)):
                    for record in ("TXT x", f"{quiet} " + ("2001:db8::9" if quiet == "AAAA" else "192.0.2.9")):
                        add(server, settings, names=["f{n}.lab.test"], v6=v6, zone=[
                            "f{n}.lab.test " + record, f"f{{n}}.lab.test !{failing} {fault}"],
                            what=f"{failing} {fault}, {record}")
            for names in ((".",), (".", "confirmed"), ("confirmed", "."), ("-x{n}.lab.test",),
                          ("o/dd{n}.lab.test",), ("10.1.2.3",), ("o/dd{n}.lab.test", "confirmed"),
                          ("gone.lab.test", "confirmed"), ("confirmed", "gone.lab.test"),
                          ("un_der{n}.lab.test",), ("x" * 63 + ".n{n}.lab.test",)):
                add(server, settings, names=names, v6=v6, what="names " + " ".join(names)[:30],
                    zone=[name + " {kind} {own}" for name in names
                          if name not in (".", "confirmed", "gone.lab.test", "10.1.2.3")])
            add(server, settings, names=(), v6=v6, what="alias without data", zone=[
                "{reverse} CNAME rev{n}.lab.test", "rev{n}.lab.test TXT x"])
            add(server, settings, names=(), v6=v6, what="alias into nothing", zone=[
                "{reverse} CNAME rev{n}.lab.test"])


def postfix_edges():
    syntax = "invalid-helo non-fqdn-helo"
    for count in (62, 63, 64):
        add("postfix", syntax, "x" * count + ".lab.test", what=f"label of {count}")
    for count in range(251, 259):
        text = "abcdefg." * 40
        text = text[-count + 1:] if text[-count + 1] != "." else "z" + text[-count + 2:]
        text = "q" + text[:count - 2] + "x"
        add("postfix", syntax + " unknown-helo-550", text, what=f"name of {count}")
    addresses = [
        "1:2", "1:2:3", "::", ":::", "::1", "1::", ":1::", ":1:2", "1:2:", "1::2::3", "1:::2",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:9", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7::",
        "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "1:2:3:4:5:1.2.3.4", "::1.2.3.4",
        "::1.2.3", "::256.1.1.1", "::0.1.2.3", "1.2.3.4::", "12345::", "1234::", "0::12345", "123g::",
        "g::1", "1:2:3:4:5:6:7:", "::1:", "a:b", "x:y:z", "1", "1:1.2.3.4", ":1.2.3.4", "1:2:1.2.3.4:5",
        "::ffff:1.2.3.4.5", "1:2:3:g:5:6:7:8", "1:2:3:4:5:6:7:g",
    ]
    for text in addresses:
        add("postfix", "invalid-helo", text)
        add("postfix", "invalid-helo", f"[IPv6:{text}]")
    for text in ("1.2.3.4.x", "1.2.3.x", "0.0.0.0", "0.1.2.3", "0.0.0.1", "0.0.1.0", "00.0.0.0", "1.0.0.0",
                 "255.255.255.255", "255.255.255.256", "001.002.003.004", "1.2.3.4", "1..3.4", "1.2.3.4."):
        add("postfix", "invalid-helo", text)
        add("postfix", "invalid-helo", f"[{text}]")
    for text in ("[{own}", "[{own}x", "[{own}]]", "[{own}].", "[", "[]", "[IPv6:]", "[iPV6:::1]", "[IPv6::1]",
                 "a..", "a.", "..", ".", "1.2.3.4..", "{own}.."):
        add("postfix", syntax + " unknown-helo-550", text)
    # Only a tab, a line's end and other control bytes are replaced in the reply.
    for text in ("a  b", "a\\009b", "a \\009 b", "a\\001b", "a\\031b", "a\\127b", "a\\126b", "a\\128b", "a b",
                 "a\\011b", "a\\012b", "a\\195\\169b", "a\\192\\128b", "a\\237\\160\\128b", "a\\244\\144\\128\\128b",
                 "a\\240\\159\\152\\128b", "a\\195", "\\255", "a;b", "a@b", "a\\034b", "a\\092b", "a(b)", "<a>"):
        for setting in ("unknown-helo-550-at-once", "unknown-helo-550", "invalid-helo"):
            add("postfix", setting, text)
    add("postfix", "client-450 client-550-at-once reverse-450 invalid-helo unknown-helo-450", "",
        what="empty")
    # Every question fails, exists without data, or has an answer.
    for fault in ("SERVFAIL", "FORMERR", "REFUSED"):
        for kind in ("A", "AAAA", "MX"):
            for rest in ("", "TXT x"):
                add("postfix", "unknown-helo-450 unknown-helo-550 unknown-helo-550-at-once", "h{n}.lab.test",
                    zone=([f"h{{n}}.lab.test {rest}"] if rest else []) + [f"h{{n}}.lab.test !{kind} {fault}"],
                    what=f"{kind} {fault}")


    for helo in ("a_b", "a", "a b", "[1.2.3]", ""):
        add("postfix", "reverse-550-at-once invalid-helo-at-once non-fqdn-helo-at-once", helo, names=())


def exim_edges():
    for text in ("[IPv6:2001:db8::1%lo]", "[2001:db8::1%lo]", "[192.0.2.1%lo]", "[IPv6:2001:db8::1%]",
                 "[IPv6:2001:db8::1%l-o]", "[IPv6:2001:db8::1%1]", "[IPv6:2001:db8::1%-]", "[IPv4:192.0.2.1%lo]",
                 "[IPv6:2001:db8::1%%]", "[IPv6:2001:db8::1%l%o]", "[IPv6:x%lo]", "[IPv6:2001:db8::1%lo",
                 "[IPv6:2001:db8::1%.a]", "[IPv6:192.0.2.1%lo]", "[IPv4:2001:db8::1%lo]", "[x%lo]", "[%lo]", "[IPv6:2001:db8::1%a.]",
                 "[", "[]", "[{own}", "[{own}x", "]", "[{own}]]", "[IPv4:{own}]", "[IPv6:{own}]", "[ipV6:::1]"):
        add("exim", "none acl-helo", text)
        add("exim", "none", text, v6=True)
    for text in ("edge{n}.lab-", "-edge{n}.lab", "edge-.{n}x", "e{n}x.lab.test.", "e..{n}x", "E{n}X.lab.test"):
        add("exim", "acl-helo verify-hosts", text, zone=[] if ".." in text else [text.rstrip(".") + " A {own}"])
    # The argument is a PTR name and leads nowhere, or cannot be looked up.
    for fault in ("", "SERVFAIL", "FORMERR"):
        for names in (["h{n}.lab.test"], ["h{n}.lab.test", "confirmed"], ["confirmed"], ["gone.lab.test"]):
            add("exim", "acl-helo verify-hosts verify-hosts-bydns", "h{n}.lab.test", names=names,
                zone=[f"h{{n}}.lab.test ! {fault}"] if fault else [], what=f"helo {fault or 'gone'}")
    add("exim", "none reverse acl-helo", "", what="empty")


def sendmail_edges():
    for count in range(253, 260):
        add("sendmail", "none bad-helo", "a." * 20 + "x" * (count - 40), what=f"length {count}")
    for text in ("MX.DEST.TEST", "Mx", "mX", "127.0.0.1", "[127.0.0.1]", "LOCALHOST", "dest.test.", "IPv6:", "ipv6:x",
                 "IPV6:", "IPv6", "ipv6x", "a.", ".a", "a.b", ".", "..", "...", "a", "[a]", "[a.b]", "[.]", "192.0.2.250"):
        add("sendmail", "bad-helo none", text)
    for byte in "[].-_#:":
        add("sendmail", "none", f"a{byte}b.lab")
    add("sendmail", "none rdns bad-helo", "", what="empty")


def opensmtpd_edges():
    for text in ("[{own}", "[{own}x", "[{own}]]", "[{own}]x", "[", "[]", "[IPv6:::1]", "[ipv6:::1]", "[::1]", "[IPv6:{own}]",
                 "a\\\\b", "a\\\\.b", "a\\\\045b", "a\\\\\\032b", "a b", "a\\001b", "a\\127b", "a\\128b", "-a", "a-", "_a",
                 "a.", ".a", "a..b", "A.B", "1.2.3.4", "a.-b", "[192.0.2.1", "[192.0.2.1x"):
        add("opensmtpd", "none", text)
    add("opensmtpd", "none", "", what="empty")
    add("opensmtpd", "rdns-421", names=())
    add("opensmtpd", "rdns-421")
    for count in (62, 63, 64):
        add("opensmtpd", "none", "x" * count + ".lab.test", what=f"label of {count}")


def search_edges():
    for v6 in (False, True):
        for fault in ("SERVFAIL", "FORMERR", "REFUSED"):
            add("postfix", "client-450 client-550 reverse-550", names=["f{n}.lab.test"], v6=v6,
                zone=["f{n}.lab.test ! " + fault], what=f"forward {fault}")
        add("postfix", "client-450 client-550", names=["gone{n}.lab.test"], v6=v6, what="gone")
        add("postfix", "client-550", v6=v6, what="confirmed")


folder = pathlib.Path(sys.argv[1])
if "--search" in sys.argv:
    search_edges()
else:
    reverse_edges()
    postfix_edges()
    exim_edges()
    sendmail_edges()
    opensmtpd_edges()
for each in situations:
    # Names hold the situation's number, so that all share one DNS.
    values = {"n": each["id"], "own": each["client"]}
    each["zone"] = [line.replace("{n}", str(each["id"])) for line in each["zone"]]
folder.mkdir(parents=True, exist_ok=True)
lines = [json.dumps(each, separators=(",", ":"), sort_keys=True, ensure_ascii=False) for each in situations]
(folder / "situations.ndjson").write_text("\n".join(lines) + "\n")
zone = sorted({line for each in situations for line in each["zone"]})
(folder / "lab.zone").write_text("\n".join(SHARED + sorted(set(zone), key=[l for e in situations for l in e["zone"]].index)) + "\n")
print(len(situations), "situations")
