"""A result as one row of a table, and cells that a spreadsheet cannot take for a formula."""

from __future__ import annotations

from typing import Any

from knowledge.loader import Knowledge

# Columns, in this order; named as the fields of the contract where they are one.
COLUMNS = (
    *(
        "id",
        "urgency",
        "urgency_reasons",
        "topic",
        "topic_label",
        "sure",
        "confidence",
        "other_topic",
        "land",
        "land_name",
        "lands",
    ),
    *("place", "profession", "regulated", "country", "asker", "language", "missing", "contact", "contact_url", "contact_phone"),
    *("contacts", "text", "answer", "ask_back", "draft", "attachments", "urgent", "error"),
)
# What spreadsheets take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "＝", "＋", "－", "＠")
# What Excel can hold in a cell, in characters.
LONGEST_CELL = 32_000


def row(result: dict[str, Any], knowledge: Knowledge) -> list[Any]:
    """The cells of `result` in the order of COLUMNS: text, numbers and truth values, all harmless."""
    first: dict[str, Any] = next(iter(result["contacts"]), {})
    others = result["topics"][1:2] if not result["sure"] else []
    profession, country, place = (result[name] or {} for name in ("profession", "country", "place"))
    cells = {
        **{name: result[name] for name in ("id", "topic", "sure", "confidence", "land", "asker", "language", "text")},
        **{name: result[name] for name in ("answer", "draft", "urgent", "error")},
        "urgency": result["urgency"]["level"],
        "urgency_reasons": "; ".join(reason_text(reason) for reason in result["urgency"]["reasons"]),
        "topic_label": label(result["topic"], knowledge),
        "other_topic": "; ".join(f"{guess['topic']} ({guess['confidence']})" for guess in others),
        "land_name": land_name(result["land"], knowledge),
        "lands": " ".join(result["lands"]),
        "place": place.get("text"),
        "profession": profession.get("name"),
        "regulated": profession.get("regulated"),
        "country": country.get("iso2"),
        "missing": " ".join(result["missing"]),
        "contact": first.get("name"),
        "contact_url": first.get("url"),
        "contact_phone": first.get("phone"),
        "contacts": "; ".join(contact["name"] for contact in result["contacts"]),
        "ask_back": "\n".join(result["ask_back"]),
        "attachments": "; ".join(result["attachments"]),
    }
    return [harmless(cells[name]) for name in COLUMNS]


def reason_text(reason: dict[str, str]) -> str:
    return f"{reason['label']}: {reason['because']}" if reason["because"] else reason["label"]


def label(topic: str | None, knowledge: Knowledge) -> str:
    return knowledge.topics[topic].label if topic in knowledge.topics else ""


def land_name(code: str | None, knowledge: Knowledge) -> str:
    return knowledge.places.lands[code].name if code in knowledge.places.lands else ""


def harmless(cell: object) -> Any:
    """`cell` as a spreadsheet may show it: what begins like a formula gets an apostrophe before it, as Excel does itself."""
    if cell is None:
        return ""
    if isinstance(cell, (bool, int, float)):
        return cell
    text = "".join(c if c >= " " or c in "\t\n" else " " for c in str(cell))[:LONGEST_CELL]
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
