"""Streets with a house number, also as people type them. See knowledge/redaction.py."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

Search = Callable[[str], Iterator[tuple[int, int]]]


def _capitals() -> str:
    """All capital letters of the Latin, Greek and Cyrillic scripts, as the inside of a character class."""
    return "".join(chr(c) for c in range(0x41, 0x530) if unicodedata.category(chr(c)) == "Lu")


_UP = f"[{_capitals()}]"


_PREPOSITION = re.compile(r"(?:(?:am|im|an|auf|in|zum|zur|unter|hinter|vor)\s)?")
_NUMBER = (
    r"\d{1,3}\s?(?:[a-z]\b)?(?:\s?[-/]\s?\d{1,3}\s?[a-z]?\b)?(?![\d%€])(?!\.\d|[.:]\d|\s?(?:jahre?|monate?|wochen?|tage?|stunden?"
    r"|std|uhr|euro|prozent|mal|mitarbeiter|teilnehmer|kilometer|km|personen|plätze|kurse)\b)"
)
_KIND = r"(?:straße|strasse|straat|str\.|str\b|gasse|allee|chaussee|damm|ufer|stieg|steig|pfad|promenade|weg|platz|ring|wall)"
_STREETS = (
    re.compile(
        rf"\b(?!(?:Arbeits|Ausbildungs|Studien|Kurs|Praktikums|Sitz|Park|Job|Kita|Schul|Betreuungs)platz\b)"
        rf"(?!(?:Bildungs|Rechts|Um|Aus|Lehr|Lebens|Berufs|Karriere|Ausbildungs|Verfahrens|Antrags|Königs)weg\b)"
        rf"(?:(?:große|kleine|alte|neue|obere|untere|lange|hohe|mittlere|breite|erste|zweite)\s)?[^\W\d_][\w-]{{1,40}}{_KIND}\s*(?:Nr\.?|Hausnummer)?\s*{_NUMBER}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?!(?:Welche|Diese|Jede|Ein|Mein|Unser|Kein)[a-z]*\s){_UP}[\w-]{{0,40}}(?:er|[a-zß]-|[a-z]s|in|n|e)\s(?:{_UP}[\w-]{{1,40}}\s)?(?:Straße|Strasse|Str\.|Str|Gasse|Allee|Chaussee"
        rf"|Damm|Ufer|Weg|Platz|Ring|Wall|Berg|Markt|Tor)\s*(?:Nr\.?)?\s*{_NUMBER}"
    ),
    re.compile(rf"\b(?:Straße|Platz|Allee)\s(?:der|des|von|zum|am)\s(?:\d{{1,2}}\.\s)?{_UP}[\w-]{{1,40}}\s{_NUMBER}"),
    re.compile(
        rf"\b(?:[Aa]m|[Ii]m|[Aa]n|[Aa]uf|[Zz]um|[Zz]ur|[Uu]nter|[Hh]inter|[Ii]n|[Vv]or)\s(?:der\s|den\s"
        rf"|dem\s)?(?:{_UP}[\w-]{{1,40}}\s){{1,2}}{_NUMBER}(?=\s*[,\n]?\s*(?:in\s)?\d{{5}}\b)"
    ),
    re.compile(
        rf"(?i:\b(?:wohne|wohnhaft|adresse|anschrift|wohnung|lebe"
        rf"|gemeldet)\b[^\n.\d]{{0,12}}?[: ]\s?(?:in\s+(?:der\s+)?)?)((?:(?:[Aa]m|[Ii]m|[Aa]n|[Aa]uf|[Uu]nter|[Zz]um"
        rf"|[Zz]ur)\s(?:der\s|den\s|dem\s)?)(?:{_UP}[\w-]{{1,40}}\s){{1,2}}{_NUMBER})"
    ),
    re.compile(
        rf"\b\d{{1,4}},?\s(?:rue|avenue|boulevard|via|calle)\s(?:de\s|la\s|du\s|des\s)*{_UP}[\w-]{{1,40}}(?:\s{_UP}[\w-]{{1,40}})?"
    ),
    re.compile(
        rf"\b(?:[Uu]l\.|[Уу]л\.|[Вв]ул\.|[Cc]alle|[Rr]ue|Strada|Str\.|улица"
        rf"|вулиця)\s{_UP}[\w-]{{1,40}}(?:\s{_UP}[\w-]{{1,40}})?,?\s\d{{1,4}}\w?\b"
    ),
    re.compile(
        rf"\b\d{{1,4}}\s{_UP}[\w-]{{1,40}}\s(?:Street|Road|Avenue|Lane)\b|\b{_UP}[\w-]{{1,40}}\s(?:Street|Road|Avenue|Lane)\s\d{{1,4}}\b"
    ),
    # As people type it: „goethe straße 5“.
    re.compile(
        rf"\b(?!(?:de[rnms]|die|das|eine[rn]?|welche[rn]?|auf|in|im|zur?|meine[rn]?|unsere[rn]?|keine[rn]?|wohne|haus)\s)[^\W\d_]{{3,30}}"
        rf"\s(?:straße|strasse|str\.|str|allee|gasse)\s(?:nr\.?\s)?{_NUMBER}",
        re.IGNORECASE,
    ),
    # Whatever the street is called: a postal code with its town follows.
    re.compile(rf"\b{_UP}[\w.-]{{1,40}}(?:\s{_UP}[\w.-]{{1,40}}){{0,2}}\s{_NUMBER}(?=\s*[,\n]\s*(?:D-)?\d{{5}}\s+{_UP})"),
    re.compile(rf"\b{_UP}[\w-]{{1,40}}\s(?:Caddesi|Sokak|Sokağı|Cad\.|Sok\.)\s?(?:No:?\s?)?\d{{1,4}}"),
)


def _streets(text: str) -> Iterator[tuple[int, int]]:
    spans = sorted(match.span(match.lastindex or 0) for pattern in _STREETS for match in pattern.finditer(text))
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        end = start + len(text[start:end].rstrip())
        start += len(_PREPOSITION.match(text[start:end]).group())  # type: ignore[union-attr]  # it matches nothing, too
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return iter(joined)


SEARCHES: tuple[tuple[str, Search], ...] = (("Straße", _streets),)
