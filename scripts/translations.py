"""Collects the strings of the interface, says which are not translated, and compiles the catalogues.

    python scripts/translations.py          collect new strings into the .po files, compile
    python scripts/translations.py --check  say whether that would change anything or a translation is missing
"""

from __future__ import annotations

import datetime
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = (ROOT / "xblocks/ladder", ROOT / "scripts/ladder_tools/preview")
KEYWORDS = {"gettext": None, "gettext_noop": None, "ngettext": (1, 2), "Refused": None}
# Open edX names the language zh_CN, Django itself zh_Hans: the same words under both names.
DAY = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
SOURCE, COPIES = "zh_CN", ("zh_CN", "zh_Hans")


def strings(package: Path) -> Iterator[str | tuple[str, str]]:
    """Every string to translate in the Python files and templates of a package."""
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
    for path in sorted(package.rglob("*.py")):
        if path.parent.name != "migrations":
            yield from (message for _, message, _, _ in extract("python", io.BytesIO(path.read_bytes()), KEYWORDS))
    for path in sorted(package.rglob("*.html")):
        source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        source = re.sub(r"^[ \t]+", "", source, flags=re.MULTILINE)  # read as Python, a template's indents would be faults
        yield from (message for _, message, _, _ in extract("python", io.BytesIO(source.encode()), KEYWORDS))


def catalogue(package: Path) -> Catalog:
    """The Chinese catalogue of a package with every string of today, old ones dropped."""
    path = package / "locale" / SOURCE / "LC_MESSAGES" / "django.po"
    old = read_po(io.BytesIO(path.read_bytes()), locale=SOURCE) if path.exists() else Catalog(locale=SOURCE)
    fresh = Catalog(locale=SOURCE, project="Ladder", header_comment="# Interface of Ladder in Simplified Chinese.")
    for message in strings(package):
        key = message if isinstance(message, str) else message[0]
        known = old.get(key)
        translated = known.string if known else ("" if isinstance(message, str) else ("",))
        flags = ["python-format"] if re.search(r"%\(\w+\)s", key) else []
        fresh.add(message, translated, flags=flags)
    # Dates would change the file without changing a word.
    fresh.creation_date = fresh.revision_date = DAY
    return fresh


def untranslated(found: Catalog) -> list[str]:
    """Strings without Chinese."""
    return [str(message.id) for message in found if message.id and not all(
        message.string if isinstance(message.string, tuple) else (message.string,)
    )]


def files_of(package: Path, found: Catalog) -> dict[Path, bytes]:
    """The files that the catalogue should be."""
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, found, sort_output=True, omit_header=False, width=120)
    write_mo(mo, found)
    dated = rb'"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid)[^\n]*\n'
    text = re.sub(dated, b"", po.getvalue())
    folder = package / "locale"
    return {folder / SOURCE / "LC_MESSAGES" / "django.po": text} | {
        folder / name / "LC_MESSAGES" / "django.mo": mo.getvalue() for name in COPIES
    }


def main() -> int:
    """Collect and compile, or check."""
    check = "--check" in sys.argv[1:]
    wrong = False
    for package in PACKAGES:
        found = catalogue(package)
        for text in untranslated(found):
            wrong = True
            sys.stderr.write(f"{package.name}: not translated: {text}\n")
        for path, data in files_of(package, found).items():
            if path.suffix == ".mo" and path.exists() and _same_words(path.read_bytes(), data):
                continue
            if path.exists() and path.read_bytes() == data:
                continue
            wrong = wrong or check
            if check:
                sys.stderr.write(f"{path.relative_to(ROOT)}: not up to date, run `make translations`\n")
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
    return int(wrong)


def _same_words(old: bytes, new: bytes) -> bool:
    """Whether two compiled catalogues say the same; their headers carry dates."""
    import gettext

    one, two = (gettext.GNUTranslations(io.BytesIO(data)) for data in (old, new))
    words = [{key: value for key, value in t._catalog.items() if key} for t in (one, two)]  # type: ignore[attr-defined]
    return words[0] == words[1]


if __name__ == "__main__":
    sys.exit(main())
