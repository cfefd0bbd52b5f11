#!/usr/bin/env python3
"""Compares what a mail server sent with what `heloscope listen` saw, and with what came back.

    sent.py CASES --server NAME --version TEXT --reports FOLDER --log FILE [--bounces FOLDER]

For each case the listener's reports (*.ndjson) must have one of this address, HELO name and sender;
the log must have the verdict; and where it is final, a bounce must have it, too. Waits for all that
for half a minute at most.
"""
import argparse
import json
import pathlib
import re
import sys
import time

PATIENCE = 30  # seconds


def cases(path):
    for line in path.read_text().splitlines():
        if not line.startswith("#"):
            address, helo, sender, recipient, reply = line.split(maxsplit=4)
            yield address, helo, sender, recipient, reply


def plain(text):
    """The words alone: servers fold lines, escape, and repeat the codes of each line."""
    text = re.sub(r"\?\?|\\n|\\r|\r", " ", text)
    return re.sub(r"\s+", " ", text)


def seen(folder):
    """The clients that the listeners saw, by address."""
    clients = {}
    for path in folder.glob("*.ndjson"):
        for line in path.read_text().splitlines():
            subject = json.loads(line)["subject"]
            clients.setdefault(subject["address"], []).append(
                (subject.get("helo"), subject.get("mailFrom")))
    return clients


def missing(options):
    """What is not there, a line each."""
    clients = seen(options.reports)
    log = plain(options.log.read_text(errors="replace")) if options.log.exists() else ""
    bounces = [plain(path.read_text(errors="replace")) for path in
               sorted(options.bounces.glob("*.eml"))] if options.bounces else []
    for address, helo, sender, recipient, reply in cases(options.cases):
        said = clients.get(address, [])
        if (helo, sender) not in said:
            yield f"{address}: said {helo}, {sender}; the listener saw {said}"
        code, enhanced, words = reply.split(maxsplit=2)
        line = rf"{code}[- ]{re.escape(enhanced)} {re.escape(words)}"
        if not re.search(line, log):
            yield f"{address}: the log lacks {reply!r}"
        if options.bounces and code == "550":
            if not any(recipient in bounce and re.search(line, bounce) for bounce in bounces):
                yield f"{address}: no bounce has {reply!r}"


    said = (options.reports / "refuse.err").read_text()
    if ", over TLS" not in said:
        yield "no server used STARTTLS"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", type=pathlib.Path)
    for name in ("--reports", "--log", "--bounces"):
        parser.add_argument(name, type=pathlib.Path)
    parser.add_argument("--server")
    parser.add_argument("--version")
    options = parser.parse_args()
    end = time.monotonic() + PATIENCE
    while (faults := list(missing(options))) and time.monotonic() < end:
        time.sleep(0.3)
    (options.reports / "sender.log").write_bytes(
        options.log.read_bytes() if options.log.exists() else b"")
    count = len(list(cases(options.cases)))
    bounced = len(list(options.bounces.glob("*.eml"))) if options.bounces else 0
    for fault in faults:
        print(f"{options.server}: {fault}")
    kept = f", {bounced} bounces" if options.bounces else ""
    print(f"{options.version}: {count} mails, {len(seen(options.reports))} clients seen{kept}: "
          + ("FAILED" if faults else "each as it was sent, each verdict in the log"
             + (" and the bounce" if options.bounces else "")))
    return 1 if faults else 0


sys.exit(main())
