#!/usr/bin/env python3
"""SMTP client of the lab: plays each situation's session and writes down where it is refused.

    drive.py SITUATIONS --server NAME --version TEXT --out FILE KEY=PORT ...

Reads the situations (one JSON object a line) of one server, binds each client's address, says
EHLO with the situation's bytes, MAIL and RCPT, and writes one line per situation, in their order:
the stage of the first refusal with its code, enhanced code and text, or the stage "accepted".
Lines of one reply are joined by a line feed. The first line of the file says which server it was.

Every situation is played twice, in two orders; one with a silent DNS twice at once, since it costs
minutes. Where both differ it is played again alone until two agree; the count of such cases is
printed, since the world is fixed and replies should be, too.
"""
import argparse
import asyncio
import collections
import json
import random
import re
import time

SERVER4, SERVER6 = "192.0.2.250", "2001:db8::250"
FROM, TO = b"a@sender.test", b"user@dest.test"
PATIENCE = 320  # seconds for one reply: OpenSMTPD holds a banner for 75 per silent question
PAUSE = 0.003  # seconds between two connections
ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?: |$)")
ESCAPE = re.compile(rb"\\(\d{3})")


def raw_bytes(text):
    """The bytes of an argument whose odd ones are written \\DDD."""
    return ESCAPE.sub(lambda match: bytes([int(match[1])]), text.encode("ascii"))


def readable(line):
    """A line with its odd bytes and backslashes as \\DDD."""
    return "".join(chr(byte) if byte in b"\r\n" or 32 <= byte < 127 and byte != 92 else f"\\{byte:03}"
                   for byte in line)


async def reply(reader):
    lines = []
    while True:
        line = readable(await asyncio.wait_for(reader.readline(), PATIENCE))
        if not line.endswith("\n"):
            return lines + ["closed"]
        lines.append(line.rstrip("\r\n"))
        if lines[-1][3:4] != "-":
            return lines


def outcome(stage, lines):
    code = lines[0][:3]
    texts = [line[4:] for line in lines]
    enhanced = ENHANCED.match(texts[0])
    if enhanced:
        length = enhanced.end()
        texts = [text[length:] if text.startswith(enhanced[1]) else text for text in texts]
    result = {"stage": stage, "code": int(code) if code.isdigit() else 0, "text": "\n".join(texts)}
    if enhanced:
        result["enhanced"] = enhanced[1]
    return result


def is_silent(situation):
    return any(line.endswith("DROP") for line in situation["zone"])


async def session(situation, port, greeting):
    client = situation["client"]
    server = SERVER6 if ":" in client else SERVER4
    reader, writer = await asyncio.open_connection(server, port, local_addr=(client, 0))
    try:
        lines = await reply(reader)
        steps = [("helo", greeting.encode() + b" " + raw_bytes(situation["helo"])), ("mail", b"MAIL FROM:<" + FROM + b">"),
                 ("rcpt", b"RCPT TO:<" + TO + b">")]
        stage = "connect"
        while lines[0].startswith("2") and steps:
            stage, line = steps.pop(0)
            writer.write(line + b"\r\n")
            lines = await reply(reader)
        if lines[0].startswith("2"):
            writer.write(b"QUIT\r\n")
            await reply(reader)
            return {"stage": "accepted"}
        return outcome(stage, lines)
    finally:
        writer.close()


async def play(situation, chosen):
    try:
        return await session(situation, chosen.ports[situation["setting"]], chosen.greeting)
    except (OSError, asyncio.TimeoutError, TimeoutError) as error:
        return {"stage": "broken", "text": f"{type(error).__name__} {error}"}


async def play_all(situations, chosen):
    """The replies by id."""
    turns, patient = asyncio.Semaphore(chosen.at_once), asyncio.Semaphore(chosen.waiting)
    results, door = {}, asyncio.Lock()

    async def one(situation):
        # Sessions with a silent DNS wait beside the others, not before them.
        async with patient if is_silent(situation) else turns:
            async with door:  # servers keep short queues of connections
                await asyncio.sleep(PAUSE)
            results[situation["id"]] = await play(situation, chosen)

    await asyncio.gather(*(one(situation) for situation in situations))
    return results


async def play_twice(situations, chosen):
    """Two replies of each by id, and the seconds that the first pass took."""
    started = time.monotonic()
    silent = [one for one in situations if is_silent(one)]
    again = asyncio.create_task(play_all(silent, chosen))
    first = await play_all(situations, chosen)
    seconds = time.monotonic() - started
    others = [one for one in situations if not is_silent(one)]
    second = await play_all(random.Random(1).sample(others, len(others)), chosen)
    second.update(await again)
    return first, second, seconds


async def settle(situation, chosen, seen):
    """Plays alone until some outcome has been seen twice."""
    for _ in range(8):
        seen.append(await play(situation, chosen))
        counts = collections.Counter(json.dumps(one, sort_keys=True) for one in seen)
        text, count = counts.most_common(1)[0]
        if count >= 2 and json.loads(text)["stage"] != "broken":
            return json.loads(text)
    return {"stage": "unstable"}


async def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("situations")
    arguments.add_argument("ports", nargs="+")
    arguments.add_argument("--server", required=True)
    arguments.add_argument("--version", required=True)
    arguments.add_argument("--out", required=True)
    arguments.add_argument("--greeting", default="EHLO", choices=["EHLO", "HELO"])
    arguments.add_argument("--at-once", type=int, default=30, help="sessions")
    arguments.add_argument("--waiting", type=int, default=60, help="those with a silent DNS")
    chosen = arguments.parse_args()
    chosen.ports = {key: int(port) for key, port in (word.split("=") for word in chosen.ports)}
    with open(chosen.situations, encoding="utf-8") as lines:
        situations = [one for one in map(json.loads, lines) if one.get("server") == chosen.server]
    started = time.monotonic()
    first, second, first_seconds = await play_twice(situations, chosen)
    seconds = time.monotonic() - started
    final, differing = {}, []
    for situation in situations:
        key = situation["id"]
        final[key] = first[key]
        if first[key] != second[key] or first[key]["stage"] == "broken":
            differing.append(key)
            final[key] = await settle(situation, chosen, [first[key], second[key]])
            print(f"{key}: {first[key]} then {second[key]}, settled {final[key]}", flush=True)
    with open(chosen.out, "w", encoding="utf-8") as file:
        print(json.dumps({"server": chosen.server, "version": chosen.version}), file=file)
        for key, result in final.items():
            print(json.dumps({"id": key, **result}), file=file)
    counts = collections.Counter(
        result["stage"] if result["stage"] in ("accepted", "unstable", "broken") else str(result["code"])
        for result in final.values())
    print(f"{chosen.server}: {len(situations)} situations twice in {seconds:.0f} s (first pass"
          f" {first_seconds:.0f} s), {len(differing)} replayed,",
          ", ".join(f"{key} {count}" for key, count in sorted(counts.items())), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
