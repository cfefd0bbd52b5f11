"""The guard under test, as a process, and clients for its protocols."""
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
# ./heloscope builds it.
COMMAND = pathlib.Path(os.environ.get("HELOSCOPE", ROOT / ".build-release/release/heloscope"))
EXAMPLE = ROOT / "Examples/exchange-online.zone"
# Confirmed in article B's world, and an address there without a PTR record.
GOOD, GOOD_HELO = "157.56.110.65", "mail-bn1on0065.outbound.protection.outlook.com"
BAD, BAD_HELO = "157.56.110.77", "mail.example.com"


class Checks:
    """Counts what was seen, and says what was not."""

    def __init__(self):
        self.done = 0
        self.faults = []

    def expect(self, is_true, words):
        self.done += 1
        if not is_true:
            self.faults.append(words)
            print(f"FAILED: {words}", flush=True)

    def end(self):
        print(f"{self.done} checks, {len(self.faults)} failed")
        raise SystemExit(1 if self.faults else 0)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


class Guard:
    def __init__(self, process, folder, ports):
        self.process = process
        self.folder = folder
        self.ports = ports

    def connect(self, protocol="policy"):
        return socket.create_connection(("127.0.0.1", self.ports[protocol]), timeout=10)

    def get(self, path):
        with urllib.request.urlopen(
                f"http://127.0.0.1:{self.ports['http']}{path}", timeout=10) as answer:
            return answer.read().decode()

    def metric(self, name):
        found = re.search(rf"^heloscope_{re.escape(name)} (\S+)$", self.get("/metrics"), re.M)
        return float(found[1]) if found else None

    @property
    def log(self):
        return (self.folder / "log").read_text(errors="replace")

    @property
    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    @property
    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    @property
    def memory(self):
        """Resident memory now and at its highest, in MiB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return tuple(int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) / 1024
                     for name in ("VmRSS", "VmHWM"))

    def write_settings(self, **keys):
        write_settings(self.folder / "settings.toml", keys)

    def reload(self):
        """Tells it to read its settings anew, and waits until it has."""
        before = self.metric_sum("guard_reloads_total")
        self.process.send_signal(signal.SIGHUP)
        wait(lambda: self.metric_sum("guard_reloads_total") > before, "reload", pause=0.002)

    def metric_sum(self, name):
        return sum(float(value) for value in re.findall(
            rf"^heloscope_{name}(?:\{{.*\}})? (\S+)$", self.get("/metrics"), re.M))


def write_settings(path, keys):
    lines = [f"{key.replace('_', '-')} = {json.dumps(value)}" for key, value in keys.items()]
    path.write_text("[guard]\n" + "\n".join(lines) + "\n")


def wait(condition, what, seconds=10, pause=0.02):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(pause)
    raise TimeoutError(what)


@contextlib.contextmanager
def guard(*arguments, zone=EXAMPLE, **settings):
    """Runs `heloscope guard` with all listeners; on leaving, it has to end in peace."""
    with tempfile.TemporaryDirectory(prefix="heloscope-") as name:
        folder = pathlib.Path(name)
        write_settings(folder / "settings.toml", settings)
        ports = {protocol: free_port() for protocol in ("policy", "milter", "exim", "http")}
        command = [COMMAND, "guard", "--settings", folder / "settings.toml"]
        for protocol, port in ports.items():
            command += [f"--{protocol}", f"127.0.0.1:{port}"]
        if zone:
            command += ["--zone", zone]
        with open(folder / "log", "wb") as log:
            process = subprocess.Popen([*command, *arguments], stdout=log, stderr=log)
        running = Guard(process, folder, ports)
        try:
            def is_ready():
                if process.poll() is not None:
                    raise ChildProcessError(running.log)
                with contextlib.suppress(OSError):
                    return running.get("/readyz") == "ready\n"
            wait(is_ready, "the guard did not start")
            yield running
        finally:
            process.terminate()
            try:
                code = process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        if code != 0:
            raise ChildProcessError(f"exit code {code}\n{running.log}")


def request(address=GOOD, helo=GOOD_HELO, **more):
    lines = {"request": "smtpd_access_policy", "protocol_state": "RCPT",
             "client_address": address, "helo_name": helo, **more}
    return "".join(f"{key}={value}\n" for key, value in lines.items()).encode() + b"\n"


def read_answer(connection):
    answer = b""
    while not answer.endswith(b"\n\n"):
        part = connection.recv(65536)
        if not part:
            break
        answer += part
    return answer.decode()


def ask(connection, address=GOOD, helo=GOOD_HELO, **more):
    """One policy request and its action."""
    connection.sendall(request(address, helo, **more))
    return read_answer(connection).removeprefix("action=").rstrip("\n")
