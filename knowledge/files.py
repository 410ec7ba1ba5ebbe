"""Which data files there are, and which part of the schema each must keep to."""

from __future__ import annotations

from pathlib import Path

from knowledge import schema, yamlfile
from knowledge.editions import TODAY, editions
from knowledge.errors import Fault
from knowledge.yamlfile import YamlFile

# The columns that a table must have; more are allowed.
TABLES = {
    "places.csv": ("name", "land", "kreis", "ags", "population", "lat", "lon", "kind", "short", "parent", "caution"),
    "plz.csv": ("plz", "places", "land", "kind"),
    "kreise.csv": ("name", "full_name", "type", "land", "ags", "seat", "population"),
    "cautions.csv": ("name", "caution"),
    "exonyms.csv": ("form", "name"),
    "regions.csv": ("name", "kind", "land", "iso_short", "aliases"),
    "profession_words.csv": ("language", "form", "profession"),
    "countries_de.csv": ("iso2", "name", "adjective", "demonym_m", "demonym_f", "demonym_pl", "membership", "variants"),
    "country_words.csv": ("language", "form", "iso2"),
    "professions_esco.csv": ("title", "label_type", "isco08", "esco_id"),
    "regulated_professions.csv": ("profession_m", "profession_f", "level", "regulation", "isco08", "variants"),
}
_SINGLE = {
    "topics.yml": "topics",
    "sources.yml": "sources",
    "texts.yml": "texts",
    "glossary.yml": "glossary",
    "greetings.yml": "greetings",
    "phrases.yml": "phrases",
    "stages.yml": "stages",
    "warnings.yml": "warnings",
    "languages.yml": "languages",
    "concepts.yml": "concepts",
    "services.yml": "services",
    "crisis.yml": "crisis",
    "procedure.yml": "facts",
    "professions.yml": "professions",
    "urgency.yml": "urgency",
}
_PROGRAMME_EDITION = {
    "edition.yml": "edition",
    "landesnetzwerke.yml": "landesnetzwerke",
    "fachstellen.yml": "fachstellen",
    "programme.yml": "programme",
}
_TODAY = {
    "edition.yml": "edition",
    "netzwerke.yml": "netzwerke",
    "beratungsstellen.yml": "beratungsstellen",
    "fachstellen.yml": "fachstellen_heute",
    "programme.yml": "facts",
}


def parts(folder: Path) -> dict[str, str]:
    """Relative file name → part of the schema, for every YAML file that `folder` must or may hold."""
    found = dict(_SINGLE)
    for name in editions(folder):
        for file, part in (_TODAY if name == TODAY else _PROGRAMME_EDITION).items():
            found[f"editions/{name}/{file}"] = part
    for path in sorted((folder / "answers").glob("*.yml")):
        found[f"answers/{path.name}"] = "answers"
    return found


def read_all(folder: Path) -> tuple[dict[str, YamlFile], list[Fault]]:
    """Parse every YAML file of `folder` and check its form. Returns the files and all faults found."""
    read, faults = {}, []
    for name, part in parts(folder).items():
        file = yamlfile.read(folder / name, name)
        faults += [*file.faults, *schema.faults(file, part)]
        read[name] = file
    return read, faults
