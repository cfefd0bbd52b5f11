#!/usr/bin/env python3
"""The measurements of Benchmarks/Guard/measure; runs inside the lab's world.

Server and load have a processor each, where there are two. Rounds of what is compared take turns, and
medians are compared.
"""
import argparse
import json
import os
import pathlib
import re
import signal
import socket
import statistics
import struct
import subprocess
import sys
import time
import urllib.request

FILES = pathlib.Path("/lab/files")
POLICY, MILTER, EXIM, HTTP, PEER = 10040, 10041, 10042, 10043, 12525
ROUNDS = 5
# Addresses are numbers; each measurement takes new ones, 46.0.0.0/8 is silent.
SILENT, DEADLINE = 46 << 24, 4.0

# MARK: The bounds
UNCACHED_RATIO, CACHED_RATIO = 50, 10
P99_UNCACHED = 5.0  # ms, over 50 connections
SILENT_RATIO = 1.5
LATE = 0.5  # s that an answer may come after its deadline on a busy machine
MEMORY = 256  # MiB
RECOVERY = 5.0  # s
GROWTH = 5.0  # % of memory over the soak
DESCRIPTORS = 2  # more or fewer after it

faults = []
next_address = 60 << 24


def expect(is_true, words):
    print(("ok      " if is_true else "MISSED  ") + words, flush=True)
    if not is_true:
        faults.append(words)


def fresh(count):
    global next_address
    next_address += count
    return next_address - count


def spread(parts):
    """The second processor for what asks, the first for what answers, if there are two."""
    cores = sorted(os.sched_getaffinity(0))
    return {cores[0]} if parts == "server" else {cores[-1]}


def load(port, connections, seconds, first, distinct, *more):
    """Starts a load; its words are those of policyload."""
    words = [FILES / "policyload", port, connections, seconds, first, distinct, *more]
    return subprocess.Popen(list(map(str, words)),
                            stdout=subprocess.PIPE, text=True,
                            preexec_fn=lambda: os.sched_setaffinity(0, spread("load")))


def result(process):
    out, _ = process.communicate()
    if process.returncode:
        sys.exit(f"policyload: exit code {process.returncode}")
    return json.loads(out)


def get(path):
    with urllib.request.urlopen(f"http://127.0.0.1:{HTTP}{path}", timeout=10) as answer:
        return answer.read().decode()


def metric(name):
    return sum(float(value) for value in re.findall(
        rf"^heloscope_{re.escape(name)}(?:\{{.*\}})? (\S+)$", get("/metrics"), re.M))


class Guard:
    def __init__(self):
        self.settings = pathlib.Path("/run/guard.toml")
        self.write(0)
        self.process = subprocess.Popen(
            # One processor, one event loop.
            [FILES / "heloscope", "guard", "--settings", self.settings, "--threads", "1"],
            stderr=open("/run/guard.err", "ab"),
            preexec_fn=lambda: os.sched_setaffinity(0, spread("server")))
        for _ in range(200):
            try:
                if get("/readyz") == "ready\n":
                    return
            except OSError:
                time.sleep(0.05)
        sys.exit("measure.py: the guard did not start")

    def write(self, number):
        """The decision log is on: a file. Every other number has another profile."""
        self.settings.write_text(
            f'[dns]\nresolvers = ["127.0.0.2"]\n[guard]\npolicy = ["127.0.0.1:{POLICY}"]\n'
            f'milter = ["127.0.0.1:{MILTER}"]\nhttp = ["127.0.0.1:{HTTP}"]\n'
            f'exim = ["127.0.0.1:{EXIM}"]\n'
            f'log-file = "/run/guard.log"\n'
            f'profile = "{("honest", "fcrdns-required")[number % 2]}"\n')

    @property
    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    @property
    def memory(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024

    def end(self):
        self.process.terminate()
        if self.process.wait(60):
            faults.append("exit code")
        pathlib.Path("/run/guard.log").write_bytes(b"")


def ratio():
    """Decisions a second over 50 connections, beside policyd-weight, log on."""
    for number in peers():
        os.sched_setaffinity(number, spread("server"))
    guard = Guard()
    seen = {name: [] for name in ("guard", "peer", "guard cached", "peer cached")}
    for port in (POLICY, PEER):  # remembered, and processes started
        result(load(port, 50, 5, 59 << 24, 50, 400))
    for _ in range(ROUNDS):
        for name, port, seconds, first, distinct in [
                ("peer", PEER, 4, fresh(1 << 16), 1 << 16),
                ("guard", POLICY, 2, fresh(1 << 20), 1 << 20),
                ("peer cached", PEER, 2, 59 << 24, 50),
                ("guard cached", POLICY, 2, 59 << 24, 50)]:
            time.sleep(1)  # policyd-weight still works on what the last load left open
            before = cpu_seconds(guard, port)
            one = result(load(port, 50, seconds, first, distinct))
            one["cpu"] = (cpu_seconds(guard, port) - before) / max(1, one["answered"]) * 1e6
            seen[name].append(one)
    for name, rounds in seen.items():
        print(f"{name:13} {median(rounds, 'rate'):9.0f}/s  p50 {median(rounds, 'p50'):8.3f} ms"
              f"  p99 {median(rounds, 'p99'):8.3f} ms  closed {sum(one['closed'] for one in rounds)}"
              f"  CPU {median(rounds, 'cpu'):7.1f} µs each  rates {[round(one['rate']) for one in rounds]}")
    uncached = median(seen["guard"], "rate") / median(seen["peer"], "rate")
    cached = median(seen["guard cached"], "rate") / median(seen["peer cached"], "rate")
    expect(uncached >= UNCACHED_RATIO, f"uncached: {uncached:.1f} × policyd-weight")
    expect(cached >= CACHED_RATIO, f"cached: {cached:.1f} × policyd-weight's cached")
    p99 = median(seen["guard"], "p99")
    expect(p99 <= P99_UNCACHED, f"uncached p99 {p99:.2f} ms")
    expect(sum(one["closed"] for one in seen["guard"] + seen["guard cached"]) == 0,
           "no request failed")
    guard.end()


def peers():
    """The processes of policyd-weight, which keep their name in their command line."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if b"policyd-weight" in (process / "cmdline").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return found


def cpu_seconds(guard, port):
    """What the server has used so far, with its children that have ended."""
    ticks = 0
    for number in [guard.process.pid] if port == POLICY else peers():
        try:
            fields = pathlib.Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def silent():
    """Clients whose DNS never answers, beside others."""
    guard = Guard()
    alone, beside, late = [], [], []
    for number in range(ROUNDS):
        alone.append(result(load(POLICY, 50, 5, fresh(1 << 20), 1 << 20)))
        # Each in a reverse zone of its own, or its silence would be remembered.
        hanging = [load(POLICY, 1, 5.5, SILENT + (number * 10 + one << 8) + 1, 1, 1)
                   for one in range(5)]
        beside.append(result(load(POLICY, 50, 5, fresh(1 << 20), 1 << 20)))
        late += [result(one) for one in hanging]
    slower = median(beside, "p99") / median(alone, "p99")
    expect(slower <= SILENT_RATIO, f"others' p99 {median(alone, 'p99'):.2f} ms alone,"
           f" {median(beside, 'p99'):.2f} ms beside silent clients: × {slower:.2f}")
    longest = max(one["longest"] for one in late) / 1000
    expect(all(one["answered"] == 1 for one in late) and longest <= DEADLINE + LATE,
           f"{len(late)} silent clients answered, the last after {longest:.2f} s")
    time.sleep(0.5)
    lines = [line for line in pathlib.Path("/run/guard.log").read_text().splitlines()
             if line.startswith("client=46.")]
    expect(len(lines) == len(late) and all("iprev=temperror" in line for line in lines),
           f"{len(lines)} of them logged with iprev=temperror")
    guard.end()


def flood():
    """More silent clients than any mail server has, beside others: they are judged, and soon."""
    guard = Guard()
    alone = result(load(POLICY, 50, 3, fresh(1 << 20), 1 << 20))
    # Each in a reverse zone of its own; the second thousand follows when the first is given up.
    silent_ones = [load(POLICY, 1000, 9, SILENT + (number << 20) + 1, 1 << 12, 2000, 256)
                   for number in range(3)]
    time.sleep(3)  # their first tries are over
    beside = result(load(POLICY, 50, 3, fresh(1 << 20), 1 << 20))
    late = [result(one) for one in silent_ones]
    expect(beside["temperror"] == 0 and beside["closed"] == 0
           and beside["longest"] < 1000 * DEADLINE / 2,
           f"beside {sum(one['answered'] for one in late)} silent clients {beside['rate']:.0f}/s,"
           f" {beside['temperror']} not judged,"
           f" p99 {beside['p99']:.2f} ms, the longest {beside['longest']:.0f} ms;"
           f" alone {alone['rate']:.0f}/s, {alone['p99']:.2f} ms")
    guard.end()


def reloads():
    """1,000 reloads under load."""
    guard = Guard()
    running = load(POLICY, 50, 12, fresh(1 << 24), 1 << 24)
    time.sleep(1)
    for number in range(1000):
        guard.write(number)
        before = metric("guard_reloads_total")
        guard.process.send_signal(signal.SIGHUP)
        while metric("guard_reloads_total") == before:
            time.sleep(0.001)
        if running.poll() is not None:
            running_result = result(running)
            expect(running_result["closed"] == 0, "the load goes on")
            running = load(POLICY, 50, 12, fresh(1 << 24), 1 << 24)
    done = metric("guard_reloads_total")
    seen = result(running)
    expect(seen["closed"] == 0 and seen["answered"] > 0 and done >= 1000,
           f"{done:.0f} reloads, {seen['answered']} requests in the last load,"
           f" {seen['closed']} failed, p99 {seen['p99']:.2f} ms, longest {seen['longest']:.0f} ms")
    guard.end()


def connections():
    """1,000 policy and 1,000 milter connections, each in use."""
    guard = Guard()
    open_ones = []
    first = fresh(2000)
    for number in range(1000):
        address = socket.inet_ntoa(struct.pack(">I", first + number))
        name = f"host-{address.replace('.', '-')}.bulk.test"
        policy = socket.create_connection(("127.0.0.1", POLICY), 10)
        policy.sendall(f"request=smtpd_access_policy\nclient_address={address}\n"
                       f"helo_name={name}\n\n".encode())
        milter = socket.create_connection(("127.0.0.1", MILTER), 10)
        milter.sendall(struct.pack(">IcIII", 13, b"O", 6, 0x1ff, 0x1fffff))
        open_ones += [policy, milter]
    answered = sum(bool(one.recv(4096)) for one in open_ones)
    for number, milter in enumerate(open_ones[1::2]):
        address = socket.inet_ntoa(struct.pack(">I", first + 1000 + number)).encode()
        body = b"C[" + address + b"]\0" + b"4" + struct.pack(">H", 25) + address + b"\0"
        milter.sendall(struct.pack(">I", len(body)) + body)
    time.sleep(1)
    held = metric("guard_connections")
    seen = result(load(POLICY, 50, 3, fresh(1 << 20), 1 << 20))
    expect(answered == 2000 and held >= 2000 and guard.memory <= MEMORY,
           f"{held:.0f} connections open, {answered} answered, {guard.memory:.0f} MiB resident with"
           f" {seen['answered']} more requests ({seen['rate']:.0f}/s, {seen['closed']} failed)")
    for one in open_ones:
        one.close()
    guard.end()


def blackout(seconds):
    """The DNS is silent under load, and comes back."""
    guard = Guard()
    answers = int(pathlib.Path("/run/answers.pid").read_text())
    running = load(POLICY, 50, seconds + 12, fresh(1 << 22), 1 << 22)
    time.sleep(2)
    os.kill(answers, signal.SIGUSR1)
    time.sleep(seconds)
    os.kill(answers, signal.SIGUSR2)
    back = time.monotonic()
    recovered = None
    while time.monotonic() < back + 9:
        address = socket.inet_ntoa(struct.pack(">I", fresh(1 << 9)))
        query = f"ip={address}&helo=host-{address.replace('.', '-')}.bulk.test"
        request = urllib.request.Request(
            f"http://127.0.0.1:{HTTP}/api/v1/decide",
            json.dumps(dict(one.split("=") for one in query.split("&"))).encode())
        with urllib.request.urlopen(request, timeout=10) as answer:
            if json.load(answer)["iprev"] == "pass":
                recovered = time.monotonic() - back
                break
        time.sleep(0.05)
    seen = result(running)
    expect(seen["closed"] == 0 and seen["longest"] / 1000 <= DEADLINE + LATE,
           f"black-out of {seconds} s: {seen['answered']} requests answered, {seen['closed']} failed,"
           f" the longest took {seen['longest'] / 1000:.2f} s")
    expect(recovered is not None and recovered <= RECOVERY,
           f"recovered after {'never' if recovered is None else f'{recovered:.2f} s'}")
    guard.end()


def soak(seconds):
    """Bursts over all protocols, abuse, silence and reloads; memory and descriptors between them."""
    guard = Guard()
    # Three times what the cache holds by default: it is full from now on.
    result(load(POLICY, 50, 600, fresh(1 << 19), 1 << 19, 300_000))
    samples, answered, rounds = [], 0, 0
    began = time.monotonic()
    while time.monotonic() < began + seconds:
        rounds += 1
        silent_one = load(POLICY, 1, 5, SILENT + (rounds << 8) + 1, 1, 1)
        answered += result(load(POLICY, 50, 2, fresh(1 << 17), 1 << 17))["answered"]
        answered += result(load(POLICY, 50, 1, 59 << 24, 50))["answered"]
        for _ in range(25):
            answered += milter_mail(fresh(1)) + exim_line(fresh(1)) + http_request(fresh(1))
            abuse()
        if rounds % 6 == 0:
            guard.write(rounds // 6)
            guard.process.send_signal(signal.SIGHUP)
        answered += result(silent_one)["answered"]
        os.truncate("/run/guard.log", 0)
        time.sleep(1)  # what was closed is gone
        samples.append((guard.memory, guard.descriptors))
        if rounds % 30 == 1:
            print(f"        {time.monotonic() - began:5.0f} s  {answered:9} answered"
                  f"  {samples[-1][0]:6.1f} MiB  {samples[-1][1]} descriptors", flush=True)
    part = max(1, len(samples) // 10)
    before, after = (statistics.median(memory for memory, _ in some)
                     for some in (samples[:part], samples[-part:]))
    counts = [number for _, number in samples]
    expect(after <= before * (1 + GROWTH / 100),
           f"soak of {seconds} s, {rounds} rounds, {answered} answered: {before:.1f} MiB in the first"
           f" tenth, {after:.1f} in the last: {(after / before - 1) * 100:+.1f} %,"
           f" at most {max(memory for memory, _ in samples):.1f}")
    expect(abs(counts[-1] - counts[0]) <= DESCRIPTORS,
           f"descriptors {counts[0]} after the first round, {counts[-1]} after the last,"
           f" between {min(counts)} and {max(counts)}")
    expect(guard.process.poll() is None, "the guard still runs")
    guard.end()


def client(number):
    address = socket.inet_ntoa(struct.pack(">I", number))
    return address, f"host-{address.replace('.', '-')}.bulk.test"


def milter_mail(number):
    """One mail up to its recipient, in commands as Postfix writes them; 1 if each was answered."""
    address, helo = (text.encode() for text in client(number))
    # Without the flags for commands that have no reply.
    commands = [b"O" + struct.pack(">III", 6, 0x1ff, 0x7f),
                b"C[" + address + b"]\0" + b"4" + struct.pack(">H", 25) + address + b"\0",
                b"H" + helo + b"\0", b"M<someone@bulk.test>\0", b"R<user@example.net>\0"]
    with socket.create_connection(("127.0.0.1", MILTER), 10) as connection:
        seen = 0
        for command in commands:
            connection.sendall(struct.pack(">I", len(command)) + command)
            size = connection.recv(4, socket.MSG_WAITALL)
            seen += bool(size) and bool(
                connection.recv(struct.unpack(">I", size)[0], socket.MSG_WAITALL))
        connection.sendall(struct.pack(">I", 1) + b"Q")
    return seen == len(commands)


def exim_line(number):
    address, helo = client(number)
    with socket.create_connection(("127.0.0.1", EXIM), 10) as connection:
        connection.sendall(f"check ip={address} helo={helo}\n".encode())
        connection.shutdown(socket.SHUT_WR)
        return bool(connection.recv(4096))


def http_request(number):
    address, helo = client(number)
    body = json.dumps({"ip": address, "helo": helo}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{HTTP}/api/v1/decide", body)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.status == 200


def abuse():
    """What no mail server sends, at each protocol's port."""
    for port, sent in [(POLICY, b"request=\0\xff" * 2000), (MILTER, b"GET / HTTP/1.1\r\n\r\n"),
                       (EXIM, b"\0" * 5000), (HTTP, b"\r\n\0 / HTTP/9\r\n" * 100)]:
        with socket.create_connection(("127.0.0.1", port), 10) as connection:
            try:
                connection.sendall(sent)
            except OSError:
                continue  # it was closed before all was sent


def median(rounds, key):
    return statistics.median(one[key] for one in rounds)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--blackout", type=int, default=120, metavar="SECONDS")
    arguments.add_argument("--soak", type=int, default=1800, metavar="SECONDS")
    arguments.add_argument("parts", nargs="*", default=[])
    chosen = arguments.parse_args()
    parts = {"ratio": ratio, "silent": silent, "flood": flood, "reloads": reloads, "connections": connections,
             "blackout": lambda: blackout(chosen.blackout), "soak": lambda: soak(chosen.soak)}
    for name in chosen.parts or list(parts)[:-1]:
        print(f"{name}:", flush=True)
        parts[name]()
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
