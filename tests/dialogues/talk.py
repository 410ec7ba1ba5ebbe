"""A talk over the website channel, as the widget has it."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What came back for one message: all texts together, the buttons, and the advice for machines (empty if none)."""

    text: str
    buttons: list[dict[str, str]]
    advice: dict[str, Any]
    messages: list[dict[str, Any]]

    @property
    def contacts(self) -> list[str]:
        return [contact["id"] for contact in self.advice.get("contacts", [])]


class Talk:
    """One session with the assistant at `url`."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/webhooks/website"
        status, body = post(f"{self._url}/session", {})
        assert status == 200
        self.session: str = body["session"]
        self.greeting = _answer(body)

    def say(self, text: str) -> Answer:
        return self._send({"text": text})

    def choose(self, choice: str) -> Answer:
        return self._send({"choice": choice})

    def _send(self, message: dict[str, str]) -> Answer:
        status, body = post(f"{self._url}/message", {"session": self.session, **message})
        assert status == 200, body
        return _answer(body)


def faults(turn: dict[str, Any], answer: Answer) -> list[str]:
    """What of the expectations of `turn` does not hold for `answer`: parts of the `text` (regular expressions), or `not`,
    fields of the advice, `first` = the primary contact, `offers` = ids of buttons, `lang` = language of the first message."""
    found = [f"lacks {part}" for part in turn.get("text", []) if not re.search(part, answer.text, re.IGNORECASE)]
    found += [f"says {part}" for part in turn.get("not", []) if re.search(part, answer.text, re.IGNORECASE)]
    for key in ("topic", "land", "asks", "asker", "country", "urgent"):
        if key in turn and answer.advice.get(key) != turn[key]:
            found.append(f"{key} is {answer.advice.get(key)}")
    if "profession" in turn and not re.search(turn["profession"], str(answer.advice.get("profession")), re.IGNORECASE):
        found.append(f"profession is {answer.advice.get('profession')}")
    if "first" in turn and answer.contacts[:1] != [turn["first"]]:
        found.append(f"first is {answer.contacts[:1]}")
    offered = [button["id"] for button in answer.buttons]
    found += [f"does not offer {id}" for id in turn.get("offers", []) if id not in offered]
    if "lang" in turn and answer.messages[0].get("lang", "de") != turn["lang"]:
        found.append(f"lang is {answer.messages[0].get('lang', 'de')}")
    return found


def _answer(body: dict[str, Any]) -> Answer:
    messages = body["messages"]
    advice = next((message["custom"]["advice"] for message in messages if message["custom"]), {})
    buttons = [button for message in messages for button in message["buttons"]]
    return Answer("\n".join(message["text"] for message in messages), buttons, advice, messages)


def post(url: str, body: Any) -> tuple[int, Any]:
    """POST `body` (bytes as they are, anything else as JSON): (status, parsed answer)."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)
