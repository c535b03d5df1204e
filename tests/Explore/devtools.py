"""A browser driven through the DevTools protocol, with the standard library alone."""

import base64
import json
import os
import re
import secrets
import socket
import struct
import subprocess
import tempfile
import time
import urllib.request


class Browser:
    """A headless Chromium with one page."""

    def __init__(self, program, deadline=120.0):
        self._folder = tempfile.TemporaryDirectory(prefix="symeft-chromium-", ignore_cleanup_errors=True)
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync", "--disable-dev-shm-usage"]
        self._process = subprocess.Popen(
            [program, *flags, f"--user-data-dir={self._folder.name}", "--remote-debugging-port=0", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._number = 0
        self.problems = []
        port = self._port(deadline)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=30) as answer:
            address = next(each["webSocketDebuggerUrl"] for each in json.load(answer) if each["type"] == "page")
        self._socket = self._connect(*re.match(r"ws://([^:/]+):(\d+)(/.*)", address).groups())
        for domain in ("Page", "Runtime", "Log"):
            self.call(domain + ".enable")

    def close(self):
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        self._folder.cleanup()

    def call(self, method, **parameters):
        """Calls a method of the protocol and waits for its result; what the page complains of meanwhile is kept in problems."""
        self._number += 1
        self._send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._receive())
            if message.get("id") == self._number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message["result"]
            if message.get("method") == "Runtime.exceptionThrown":
                self.problems.append(message["params"]["exceptionDetails"].get("exception", {}).get("description", "exception"))
            elif message.get("method") == "Log.entryAdded" and message["params"]["entry"]["level"] == "error":
                self.problems.append(message["params"]["entry"]["text"])

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"].get("exception", {}).get("description", expression))
        return result["result"].get("value")

    def wait(self, expression, seconds=60.0):
        """Waits until an expression holds."""
        end = time.monotonic() + seconds
        while not self.evaluate(expression):
            if time.monotonic() > end:
                raise AssertionError(f"not so after {seconds} s: {expression}")
            time.sleep(0.05)

    def size(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def screenshot(self, path):
        picture = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture["data"]))

    def view(self, path):
        """A screenshot of what is on the screen."""
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def key(self, key, code=None, number=0, text=None):
        parameters = {"key": key, "code": code or key, "windowsVirtualKeyCode": number}
        self.call("Input.dispatchKeyEvent", type="keyDown", **parameters, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **parameters)

    def _port(self, deadline):
        path, end = os.path.join(self._folder.name, "DevToolsActivePort"), time.monotonic() + deadline
        while time.monotonic() < end:
            if os.path.exists(path):
                with open(path, encoding="ascii") as file:
                    lines = file.read().split()
                if lines:
                    return int(lines[0])
            time.sleep(0.1)
        raise RuntimeError("the browser did not start")

    # A WebSocket: masked text frames out, frames of any length in.
    @staticmethod
    def _connect(host, port, path):
        connection = socket.create_connection((host, int(port)), timeout=120)
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += connection.recv(1)
        if b" 101 " not in answer.split(b"\r\n")[0]:
            raise RuntimeError("the browser refused the connection")
        return connection

    def _send(self, text):
        data, mask = text.encode(), secrets.token_bytes(4)
        size = struct.pack("!B", 0x80 | len(data)) if len(data) < 126 else struct.pack("!BH", 0xFE, len(data)) if len(data) < 65536 else struct.pack("!BQ", 0xFF, len(data))
        self._socket.sendall(b"\x81" + size + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(data)))

    def _receive(self):
        parts = b""
        while True:
            first, second = self._exactly(2)
            length = second & 0x7F
            if length == 126:
                length = struct.unpack("!H", self._exactly(2))[0]
            elif length == 127:
                length = struct.unpack("!Q", self._exactly(8))[0]
            data = self._exactly(length)
            if first & 0x0F in (0, 1):
                parts += data
                if first & 0x80:
                    return parts.decode()
            elif first & 0x0F == 8:
                raise RuntimeError("the browser ended the connection")

    def _exactly(self, count):
        data = bytearray()
        while len(data) < count:
            part = self._socket.recv(count - len(data))
            if not part:
                raise RuntimeError("the browser ended the connection")
            data += part
        return bytes(data)
