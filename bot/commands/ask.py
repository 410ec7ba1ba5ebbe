"""wegweiser ask TEXT"""

from __future__ import annotations

import argparse
import json

from bot import model
from bot.settings import Settings
from knowledge import Message, advise, custom, messages, store
from knowledge.message import greeting


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", help="the question, in quotes")
    parser.add_argument("--json", action="store_true", help="print the messages and the advice for machines")


def run(options: argparse.Namespace) -> int:
    settings = Settings.read()
    knowledge = store.current()
    text = readable(options.text)
    if not text.strip():
        print(knowledge.texts["blank"])
        return 1
    enquiry = model.understander(model.ensure(settings), knowledge).understand(text).enquiry(knowledge)
    advice = advise(enquiry, knowledge, settings.edition)
    said = [*greeting(enquiry.language, advice.asks, knowledge), *messages(advice, knowledge)]
    if options.json:
        record = {"messages": [_record(message) for message in said], **custom(advice)}
        print(json.dumps(record, ensure_ascii=False, indent=2))
    else:
        print("\n\n".join(_plain(message) for message in said))
    return 0


def readable(text: str) -> str:
    """Bytes of the terminal that are no UTF-8 come as halves of characters, which the tokenizer cannot take: „?“ for each."""
    return text.encode("utf-8", "replace").decode()


def _record(message: Message) -> dict[str, object]:
    spoken = {"lang": message.language, "dir": message.dir} if message.language != "de" else {}
    return {"text": message.text, "buttons": [{"title": b.title, "id": b.id} for b in message.buttons], **spoken}


def _plain(message: Message) -> str:
    return "\n".join([message.text, *(f"  [{button.title}]" for button in message.buttons)])
