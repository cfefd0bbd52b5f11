#!/usr/bin/env python3
"""Hands a small message for each situation to rspamd and records the symbols it gives.

    scan.py SITUATIONS --version TEXT --out FILE [--port 11333]

The situations are those of `heloscope-lab generate-rspamd`: IP, HELO and, where the mail server
would name one, the host name go into the request's head, as a mail server hands them on. One line
per situation: its id and the symbols about HELO and reverse DNS, sorted, with their points.

Every situation is scanned twice, in two orders. Where both differ it is scanned alone until two
agree; the count of such cases is printed.
"""
import argparse
import asyncio
import collections
import json
import random
import re
import time

ESCAPE = re.compile(rb"\\(\d{3})")
PREFIXES = ("HFILTER_HELO_", "HFILTER_HOSTNAME_", "RDNS_")
PATIENCE = 60
MESSAGE = b"""Received: from a.sender.test (a.sender.test [192.0.2.7]) by b.sender.test with ESMTP id 1;
 Mon, 2 Nov 2026 10:00:00 +0000
From: <user@sender.test>
To: <user@dest.test>
Subject: lab
Date: Mon, 2 Nov 2026 10:00:00 +0000
Message-ID: <lab@sender.test>
MIME-Version: 1.0
Content-Type: text/plain; charset=us-ascii

Nothing to see in this message.
""".replace(b"\n", b"\r\n")


def raw_bytes(text):
    """The bytes of a text whose odd ones are written \\DDD."""
    return ESCAPE.sub(lambda match: bytes([int(match[1])]), text.encode("ascii"))


async def scan(situation, port):
    head = [b"POST /checkv2 HTTP/1.1", b"Host: rspamd", b"IP: " + situation["client"].encode(),
            b"Helo: " + raw_bytes(situation["helo"]), b"From: user@sender.test", b"Rcpt: user@dest.test",
            b"Queue-Id: %d" % situation["id"], b"Content-Length: %d" % len(MESSAGE)]
    if "hostname" in situation:
        head.append(b"Hostname: " + situation["hostname"].encode())
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(b"\r\n".join(head) + b"\r\n\r\n" + MESSAGE)
        answer = await asyncio.wait_for(reader.read(), PATIENCE)
    finally:
        writer.close()
    start, _, body = answer.partition(b"\r\n\r\n")
    if b" 200 " not in start.split(b"\r\n")[0]:
        return {"failure": start.decode("latin1").split("\r\n")[0]}
    symbols = json.loads(body)["symbols"]
    return {"symbols": {name: one["score"] for name, one in sorted(symbols.items())
                        if name.startswith(PREFIXES)}}


async def play(situation, port):
    try:
        return await scan(situation, port)
    except (OSError, ValueError, asyncio.TimeoutError, TimeoutError) as error:
        return {"failure": f"{type(error).__name__} {error}"}


async def play_all(situations, chosen):
    turns, results = asyncio.Semaphore(chosen.at_once), {}

    async def one(situation):
        async with turns:
            results[situation["id"]] = await play(situation, chosen.port)

    await asyncio.gather(*(one(situation) for situation in situations))
    return results


async def settle(situation, port, seen):
    """Scans alone until some outcome has been seen twice."""
    for _ in range(8):
        seen.append(await play(situation, port))
        text, count = collections.Counter(json.dumps(one) for one in seen).most_common(1)[0]
        if count >= 2 and "symbols" in json.loads(text):
            return json.loads(text)
    return {"failure": "unstable"}


async def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("situations")
    arguments.add_argument("--version", required=True)
    arguments.add_argument("--out", required=True)
    arguments.add_argument("--port", type=int, default=11333)
    arguments.add_argument("--at-once", type=int, default=16)
    chosen = arguments.parse_args()
    with open(chosen.situations, encoding="utf-8") as lines:
        situations = [json.loads(line) for line in lines]
    started = time.monotonic()
    first = await play_all(situations, chosen)
    second = await play_all(random.Random(1).sample(situations, len(situations)), chosen)
    seconds = time.monotonic() - started
    final, replayed = {}, 0
    for situation in situations:
        key = situation["id"]
        final[key] = first[key]
        if first[key] != second[key] or "symbols" not in first[key]:
            replayed += 1
            final[key] = await settle(situation, chosen.port, [first[key], second[key]])
            print(f"{key}: {first[key]} then {second[key]}, settled {final[key]}", flush=True)
    with open(chosen.out, "w", encoding="utf-8") as file:
        print(json.dumps({"server": "rspamd", "version": chosen.version}), file=file)
        for key, result in final.items():
            print(json.dumps({"id": key, **result}), file=file)
    broken = sum("symbols" not in result for result in final.values())
    print(f"rspamd: {len(situations)} situations twice in {seconds:.0f} s, {replayed} replayed,"
          f" {broken} broken", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
