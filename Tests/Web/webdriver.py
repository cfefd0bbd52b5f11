"""A browser driven through Debian's chromedriver: WebDriver over HTTP, with nothing but urllib."""
import base64
import contextlib
import json
import shutil
import subprocess
import time
import urllib.error
import urllib.request

# What the page may take to load or to change; far more than it needs on a busy machine.
PATIENCE = 30


class Browser:
    """One window. Console, exceptions and requests are recorded from its beginning."""

    def __init__(self, driver, width=1280, height=900, dark=False, scripts=True, mobile=False):
        self.base = driver
        options = {
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                     "--disable-dev-shm-usage", "--no-first-run", f"--window-size={width},{height}",
                     "--disable-background-networking", "--disable-component-update"],
        }
        if mobile:
            options["mobileEmulation"] = {
                "deviceMetrics": {"width": width, "height": height, "pixelRatio": 2.0}}
        answer = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}})
        self.base = f"{driver}/session/{answer['sessionId']}"
        self._ask("POST", "/timeouts", {"pageLoad": PATIENCE * 1000, "script": PATIENCE * 1000})
        if dark:
            self.devtools("Emulation.setEmulatedMedia", features=[
                {"name": "prefers-color-scheme", "value": "dark"}])
        if not scripts:
            self.devtools("Emulation.setScriptExecutionDisabled", value=True)

    def _ask(self, method, path, value=None):
        body = None if value is None else json.dumps(value).encode()
        request = urllib.request.Request(
            self.base + path, body, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=2 * PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"].split("\n")[0]) from None

    def devtools(self, command, **parameters):
        return self._ask("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, url):
        self._ask("POST", "/url", {"url": url})

    @property
    def url(self):
        return self._ask("GET", "/url")

    def run(self, script, *arguments):
        """The value of a function's body in the page."""
        return self._ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def run_later(self, script):
        """The same for a body that calls its last argument when it is done."""
        return self._ask("POST", "/execute/async", {"script": script, "args": []})

    def find(self, selector):
        """The first element; waits for it."""
        self._ask("POST", "/timeouts", {"implicit": PATIENCE * 1000})
        element = self._ask("POST", "/element", {"using": "css selector", "value": selector})
        return next(iter(element.values()))

    def text(self, selector):
        return self._ask("GET", f"/element/{self.find(selector)}/text")

    def says(self, selector, words):
        """Whether the first element says it, at once or when the next page is there."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            # The element of a page that is just being left is stale.
            with contextlib.suppress(RuntimeError):
                if words in self.text(selector):
                    return True
            time.sleep(0.05)
        return False

    def type(self, selector, text):
        self._ask("POST", f"/element/{self.find(selector)}/value", {"text": text})

    def click(self, selector):
        self._ask("POST", f"/element/{self.find(selector)}/click", {})

    def press(self, *keys):
        """Keys on whatever has the focus."""
        actions = []
        for key in keys:
            actions += [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self._ask("POST", "/actions", {"actions": [
            {"type": "key", "id": "keyboard", "actions": actions}]})

    def console(self):
        """What the page said there, errors and warnings included."""
        return [f"{entry['level']}: {entry['message']}"
                for entry in self._ask("POST", "/se/log", {"type": "browser"})]

    def requests(self):
        """The URLs of all requests since the last call."""
        urls = []
        for entry in self._ask("POST", "/se/log", {"type": "performance"}):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                urls.append(message["params"]["request"]["url"])
        return urls

    def picture(self, whole=False):
        """A screenshot as PNG; whole means the page, not the window alone."""
        taken = self.devtools("Page.captureScreenshot", format="png",
                              captureBeyondViewport=whole)
        return base64.b64decode(taken["data"])

    def paper(self):
        """The page as it is printed, a PDF."""
        return base64.b64decode(self._ask("POST", "/print", {}))

    def close(self):
        self._ask("DELETE", "")


@contextlib.contextmanager
def driver():
    """Runs chromedriver on a free port and gives its address."""
    path = shutil.which("chromedriver")
    process = subprocess.Popen([path, "--port=0"], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    try:
        for line in process.stdout:
            if "successfully on port " in line:
                yield "http://127.0.0.1:" + line.rstrip(".\n").rpartition(" ")[2]
                break
        else:
            raise RuntimeError("chromedriver did not start")
    finally:
        process.terminate()
        process.wait(PATIENCE)
        process.stdout.close()


@contextlib.contextmanager
def browser(address, **options):
    window = Browser(address, **options)
    try:
        yield window
    finally:
        window.close()
