"""What was said, in the person's own words: for „Was wissen Sie über mich?“ and for a handover. Nothing is added."""

from __future__ import annotations

from actions.memory import Memory
from knowledge.case import Case
from knowledge.loader import Knowledge

# The last messages in own words that are quoted, and how much of each (characters).
_QUOTES, _LONG = 3, 200
# Topics that are no wish.
_NO_WISH = ("smalltalk", "data_privacy", "appointment_handover", "out_of_scope", "crisis")


def facts(case: Case, knowledge: Knowledge) -> list[str]:
    """One line for each fact of the case that is known."""
    lands, texts = knowledge.places.lands, knowledge.texts
    place = case.place or ""
    if case.land in lands and lands[case.land].name != place:
        place = f"{place} ({lands[case.land].name})" if place else lands[case.land].name
    profession = knowledge.professions.by_id.get(case.profession or "")
    country = knowledge.countries.by_code.get(case.country or "")
    stage = next((stage.label for stage in knowledge.stages if stage.id == case.stage), "")
    known = {
        "fact_profession": profession.name if profession else "",
        "fact_country": country.name if country else "",
        "fact_place": place,
        "fact_stage": stage,
        "fact_asker": texts[f"asker_{case.asker}"] if case.asker else "",
    }
    return [texts[name].format(value=value) for name, value in known.items() if value]


def summary(case: Case, memory: Memory, history: list[tuple[str, bool]], knowledge: Knowledge) -> str:
    """The enquiry as a counsellor reads it, one fact a line."""
    texts = knowledge.texts
    wishes = [knowledge.topics[topic].label for topic in memory.topics if topic in knowledge.topics and topic not in _NO_WISH]
    own = [text for text, _ in history if not knowledge.phrases.read(text).act and len(text.split()) > 1]
    opened = [text for text, understood in history if not understood and text in own]
    lines = [texts["summary_wish"].format(value="; ".join(dict.fromkeys(wishes)))] if wishes else []
    lines += facts(case, knowledge)
    lines += [texts["summary_words"].format(value=text[:_LONG]) for text in own[-_QUOTES:]]
    lines += [texts["summary_open"].format(value=text[:_LONG]) for text in opened[-_QUOTES:] if text not in own[-_QUOTES:]]
    return "\n".join(lines) or texts["summary_empty"]
