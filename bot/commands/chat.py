"""wegweiser chat"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.error
import urllib.request
from contextlib import ExitStack
from typing import Any

from bot import model
from bot.server import Assistant, ServerFailed, free_port, healthy
from bot.settings import Settings

_BYE = ("ende", "exit", "quit")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--url", help="talk to the assistant at this address instead of starting one")


def run(options: argparse.Namespace) -> int:
    """Talk over the website channel, so that what is seen here is what the widget gets."""
    with ExitStack() as stack:
        url = options.url
        if url is None:
            print("Starting …", file=sys.stderr)
            try:
                url = stack.enter_context(Assistant(Settings.read(), port=free_port())).url
            except (ServerFailed, model.TrainingFailed) as error:
                print(error, file=sys.stderr)
                return 1
        elif not healthy(url):
            print(f"There is no assistant at {url}.", file=sys.stderr)
            return 1
        _talk(url)
    return 0


def _talk(url: str) -> None:
    answer = post(f"{url}/webhooks/website/session", {})
    session, buttons = answer["session"], _show(answer["messages"])
    print("(Nummer = Auswahl, „ende“ = Schluss)", file=sys.stderr)
    for line in _lines():
        if line.strip().lower() in _BYE:
            return
        number = int(line) if line.strip().isdigit() and len(line.strip()) < 3 else 0
        said = {"choice": buttons[number - 1]["id"]} if 0 < number <= len(buttons) else {"text": line}
        buttons = _show(post(f"{url}/webhooks/website/message", {"session": session, **said})["messages"])


def _lines() -> Any:
    while True:
        print("\n> ", end="", flush=True)
        line = sys.stdin.readline()
        if not line:
            return
        yield line.rstrip("\n")


def _show(messages: list[dict[str, Any]]) -> list[dict[str, str]]:
    buttons = [button for message in messages for button in message["buttons"]]
    for message in messages:
        print(f"\n{message['text']}")
    for number, button in enumerate(buttons, start=1):
        print(f"  {number}: {button['title']}")
    return buttons


def post(url: str, body: dict[str, Any]) -> dict[str, Any]:
    """One call of the website channel. An error answer comes back as one message with its German sentence."""
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)
            return found
    except urllib.error.HTTPError as error:
        return {"messages": [{"text": json.load(error)["error"]["message"], "buttons": [], "custom": None}]}
