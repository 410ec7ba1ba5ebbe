import pytest

from bot.nlu.language import detect
from knowledge.loader import Knowledge


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Was kostet die Anerkennung?", "de"),
        ("krankenschwester syrien", "de"),
        ("ich bin nurse und wohne in Köln", "de"),
        ("How long does the recognition of my diploma take?", "en"),
        ("Comment faire reconnaître mon diplôme en Allemagne ?", "fr"),
        ("¿Cuánto cuesta el reconocimiento de mi título?", "es"),
        ("Gdzie mogę złożyć dokumenty?", "pl"),
        ("Cât durează și cum pot să recunosc diploma mea?", "ro"),
        ("Diplomam için nereye başvurmam lazım, ne kadar sürer?", "tr"),
        ("Сколько стоит признание диплома?", "ru"),
        ("Скільки коштує визнання диплома і де це зробити?", "uk"),
        ("كم تكلفة معادلة الشهادة؟", "ar"),
        ("من در ایران پرستاری خوانده‌ام. چقدر طول می‌کشد؟", "fa"),
        ("Merhaba", "de"),
        ("", "de"),
        ("😀", "de"),
    ],
)
def test_the_language_of_a_message(knowledge: Knowledge, text: str, language: str) -> None:
    assert detect(text, knowledge.languages) == language
