"""Whether texts say what their records say: amounts, lengths of time, telephone numbers and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from knowledge.check import WHOLE, Files, facts_of
from knowledge.errors import Fault

_NUMBERS = {
    word: str(number)
    for language in (
        "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        "two three four five six seven eight nine ten eleven twelve",
    )
    for number, word in enumerate(language.split(), start=2)
}
_UNITS = r"(?:Euro|Prozent|Monaten?|Wochen?|Jahren?|Tagen?|Stunden|Millionen)"
_AMOUNT = re.compile(
    rf"\b(\d+(?:[.,]\d+)*|{'|'.join(_NUMBERS)})(?=(?: (?:bis|und|oder) (?:\w+|[\d.]+))? {_UNITS}\b)", re.IGNORECASE
)
_NUMBER = re.compile(r"\d[\d.,]*|[a-zäöü]+")
_PHONE = re.compile(r"\+49[\d /-]{6,}\d|\b0\d{2,5}[ /]\d[\d /-]{4,}\d")
_ADDRESS = re.compile(r"\b(?:[a-z0-9-]+\.)+(?:de|com|org|net|eu|info|berlin)\b(?:/[\w./-]*\w)?")


def differences(files: Files) -> Iterator[Fault]:
    """Every amount, number and address in a text that no record has. Expects files whose form is right."""
    facts = facts_of(files)
    services = {record["id"]: record for name in ("services.yml", "crisis.yml") for record in files[name].data["services"]}
    layers = {name: _whole(name, files) for name in WHOLE}
    phones, addresses = {_digits(phone) for phone in _values(files, "phone")}, _addresses(files)
    for name, file in files.items():
        if not name.startswith("answers/"):
            continue
        for i, record in enumerate(file.data["answers"]):
            known = set().union(
                *(layers.get(id) or _numbers(str(facts.get(id, {}).get("fact", ""))) for id in record["facts"]),
                *(_numbers(f"{services[id]['about']} {services[id].get('note')}") for id in record["services"]),
            )
            for kind in ("answer", "next"):
                line = file.line(("answers", i, kind))
                for amount in _AMOUNT.findall(record[kind]):
                    if _plain(amount) not in known:
                        wrong = f"„{amount}“ stands in none of the facts {', '.join(record['facts'])}"
                        yield Fault(name, line, wrong, "name the fact it comes from, or correct the figure")
                yield from _contacts(name, line, record[kind], phones, addresses)
    for name, text in files["texts.yml"].data.items():
        yield from _contacts("texts.yml", files["texts.yml"].line((name,)), text, phones, addresses)


def _contacts(name: str, line: int, text: str, phones: set[str], addresses: set[str]) -> Iterator[Fault]:
    for phone in _PHONE.findall(text):
        if _digits(phone) not in phones:
            yield Fault(name, line, f"no record has the number {phone}", "correct it, or add the record")
    for address in _ADDRESS.findall(text):
        if address.removeprefix("www.").split("/")[0] not in addresses:
            yield Fault(name, line, f"no record has the address {address}", "correct it, or add the record")


def _whole(layer: str, files: Files) -> set[str]:
    """The numbers of the programme document (`flyer`) or of today's layer."""
    folder = "today" if layer == "iq_current" else "2015-2018"
    return _numbers(" ".join(_strings(file.data for name, file in files.items() if name.startswith(f"editions/{folder}/"))))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _strings(value.values())
    elif isinstance(value, Iterable) and not isinstance(value, str):
        for inner in value:
            yield from _strings(inner)
    else:
        yield str(value)


def _values(files: Files, key: str) -> Iterator[str]:
    """Every value under `key` in any record."""

    def walk(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for name, inner in value.items():
                if name == key and isinstance(inner, str):
                    yield inner
                yield from walk(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner)

    for name, file in files.items():
        if name != "concepts.yml":
            yield from walk(file.data)


def _addresses(files: Files) -> set[str]:
    """Hosts of every address in a record, and addresses that facts name (such as the fake site)."""
    found = set()
    for key in ("url", "website", "source", "fact", "about", "note"):
        for value in _values(files, key):
            found |= {address.removeprefix("www.").split("/")[0] for address in _ADDRESS.findall(value)}
    return found


def _numbers(text: str) -> set[str]:
    return {_plain(word) for word in _NUMBER.findall(text.lower()) if word[0].isdigit() or word in _NUMBERS}


def _plain(number: str) -> str:
    """„1.184“, „1,184“ and „elf“ in one form."""
    return _NUMBERS.get(number.lower(), re.sub(r"[.,]", "", number))


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)
