"""The service under test, and the world it answers for."""
import contextlib
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
# ./heloscope builds it.
COMMAND = pathlib.Path(os.environ.get("HELOSCOPE", ROOT / ".build-release/release/heloscope"))
ARTICLE_B = {"ip": "157.56.110.65", "helo": "na01-bn1-obe.outbound.protection.outlook.com"}
EXAMPLE = ROOT / "Examples/exchange-online.zone"

# Tests ask more than a visitor may.
OPEN = {"checks-per-minute": 1_000_000, "burst": 1_000_000, "checks-per-hour": 100_000_000,
        "max-connections-per-client": 1_000_000}


class Service:
    def __init__(self, process, log, port):
        self.process = process
        self.log = log
        self.base = f"http://127.0.0.1:{port}"
        self.port = port

    def get(self, path):
        with urllib.request.urlopen(self.base + path, timeout=30) as answer:
            return answer.read().decode()

    @property
    def memory(self):
        """Resident memory now and at its highest, in MB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return tuple(int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) / 1000
                     for name in ("VmRSS", "VmHWM"))

    def stop(self):
        """Ends it as a service manager does, and gives its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@contextlib.contextmanager
def service(*zones, settings=None, listen=None, arguments=()):
    """Runs `heloscope serve` on a free port; on leaving, it has to end in peace."""
    with tempfile.TemporaryDirectory(prefix="heloscope-") as folder:
        folder = pathlib.Path(folder)
        lines = [f"{key} = {value!r}" for key, value in {**OPEN, **(settings or {})}.items()]
        lines += ["[listen]"] + [f"{key} = {value!r}" for key, value in (listen or {}).items()]
        (folder / "settings.toml").write_text("[serve]\n" + "\n".join(lines) + "\n")
        arguments = list(arguments)
        for zone in zones or (EXAMPLE,):
            arguments += ["--zone", str(zone)]
        log = folder / "log"
        with open(log, "wb") as output:
            process = subprocess.Popen(
                [COMMAND, "serve", "--listen", "127.0.0.1:0", "--settings",
                 folder / "settings.toml", *arguments], stdout=output, stderr=output)
        running = Service(process, log, wait_for_port(process, log))
        try:
            yield running
            if process.poll() is not None:
                raise AssertionError(f"the service ended by itself:\n{tail(log)}")
            code = running.stop()
            if code:
                raise AssertionError(f"the service ended with {code}:\n{tail(log)}")
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def wait_for_port(process, log):
    for _ in range(600):
        found = re.search(r"port=(\d+)", log.read_text())
        if found:
            return int(found[1])
        if process.poll() is not None:
            break
        time.sleep(0.05)
    process.kill()
    raise AssertionError(f"the service did not start:\n{tail(log)}")


def tail(log):
    return "\n".join(log.read_text(errors="replace").splitlines()[-20:])


class Checks:
    """Counts what holds and names what does not."""

    def __init__(self):
        self.count = 0
        self.faults = []

    def expect(self, holds, what):
        self.count += 1
        if not holds:
            self.faults.append(what)
            print(f"  FAULT: {what}", flush=True)

    def end(self, about):
        if self.faults:
            raise SystemExit(f"{len(self.faults)} of {self.count} expectations failed")
        print(f"{about}: {self.count} expectations hold")
