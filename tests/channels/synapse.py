"""A real Matrix homeserver (Synapse) and a real client (matrix-nio), in an environment of their own: both need other
versions of libraries than Rasa pins. Made once, in `.cache/`."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from bot.server import free_port
from bot.settings import ROOT
from tests.channels.fakes.base import Loop

PACKAGES = ("matrix-synapse==1.163.2", "matrix-nio==0.26.0")
FOLDER = ROOT / ".cache" / "synapse"
PYTHON = FOLDER / "bin" / "python"
# Few messages at once, so that the channel meets the server's real 429.
_CONFIG = """
listeners:
  - {{port: {port}, bind_addresses: ["127.0.0.1"], type: http, tls: false, resources: [{{names: [client]}}]}}
rc_message: {{per_second: 5, burst_count: 5}}
rc_login: {{address: {{per_second: 100, burst_count: 100}}, account: {{per_second: 100, burst_count: 100}}}}
trusted_key_servers: []
suppress_key_server_warning: true
"""


def environment() -> Path:
    """The Python that has both packages."""
    done = FOLDER / "-".join(package.replace("==", "-") for package in PACKAGES)
    if not done.exists():
        uv = shutil.which("uv") or str(ROOT / ".cache" / "uv" / "bin" / "uv")
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(FOLDER)], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", str(PYTHON), *PACKAGES], check=True)
        done.touch()
    return PYTHON


class Synapse:
    """The platform, as `World` wants one."""

    channel = "matrix"

    def __init__(self, loop: Loop, folder: Path) -> None:
        self.loop, self._folder = loop, folder
        self.url = f"http://127.0.0.1:{free_port()}"
        self.target = ""

    def start(self) -> None:
        python, config = str(environment()), self._folder / "hs.yaml"
        base = [python, "-m", "synapse.app.homeserver", "--config-path", str(config)]
        generate = [*base, "--server-name", "localhost", "--generate-config", "--report-stats=no"]
        subprocess.run(generate, cwd=self._folder, check=True, capture_output=True)
        more = self._folder / "more.yaml"
        more.write_text(_CONFIG.format(port=self.url.rpartition(":")[2]), encoding="utf-8")
        with (self._folder / "out.log").open("wb") as log:
            self._process = subprocess.Popen([*base, "--config-path", str(more)], cwd=self._folder, stdout=log, stderr=log)
        end = time.monotonic() + 60
        while not self._answers():
            assert time.monotonic() < end and self._process.poll() is None, (self._folder / "out.log").read_text()
            time.sleep(0.1)
        for user in ("wegweiser", "lina"):
            register = [python, "-m", "synapse._scripts.register_new_matrix_user", "-u", user, "-p", "geheim", "--no-admin"]
            subprocess.run([*register, "-c", str(config), self.url], check=True, capture_output=True)
        login = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": "wegweiser"}, "password": "geheim"}
        request = urllib.request.Request(f"{self.url}/_matrix/client/v3/login", json.dumps(login).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=10) as answer:
            self._token = json.load(answer)["access_token"]

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_matrix/client/versions", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)

    def ready(self) -> bool:
        return True

    def environment(self) -> dict[str, str]:
        return {"WEGWEISER_MATRIX_URL": self.url, "WEGWEISER_MATRIX_TOKEN": self._token}


class NioPerson:
    """Lina with a real client: `tests/channels/nio_person.py` in the other environment."""

    def __init__(self, server: Synapse) -> None:
        script = Path(__file__).with_name("nio_person.py")
        command = [str(PYTHON), str(script), server.url, "@lina:localhost", "geheim", "@wegweiser:localhost"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        self._lines: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(json.loads(line))

    def do(self, **what: Any) -> None:
        """`open` a room (encrypted or not), `say`, `edit`, `send` an image."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def hears(self) -> str:
        """The next message of the assistant."""
        return str(self._lines.get(timeout=30)["heard"])

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
