"""A large file for measuring: `python -m tests.prescreen.many 100000 > many.jsonl` varies the questions of tests/cases."""

from __future__ import annotations

import json
import random
import sys

from tests.conftest import CASES

_PLACES = ("Kiel", "Köln", "33330 Gütersloh", "Erlangen", "Gera", "Halle (Saale)", "Frankfurt", "Trier", "Görlitz", "Hamburg")
_BEFORE = ("", "", "Guten Tag, ", "Hallo, ich heiße Lina Haddad. ", "Sehr geehrte Damen und Herren,\n\n")
_AFTER = (
    "",
    "",
    " Ich wohne in {place}.",
    " Tel. 0151 2345678",
    "\n\nMit freundlichen Grüßen\nAhmad Karimi",
    " Danke im Voraus!",
)


def main(count: int) -> None:
    files = [CASES / f"{name}.jsonl" for name in ("questions", "exam")]
    texts = [json.loads(line)["text"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    choose = random.Random(7)  # the same file each time
    for number in range(count):
        after = choose.choice(_AFTER).format(place=choose.choice(_PLACES))
        text = f"{choose.choice(_BEFORE)}{choose.choice(texts)}{after}"
        print(json.dumps({"id": number, "text": text}, ensure_ascii=False))


if __name__ == "__main__":
    main(int(sys.argv[1]))
