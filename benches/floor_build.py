"""The least a build must do, for `bench_build.py`: read the files, put their texts into XML, pack. Nothing is parsed or checked.

    python benches/floor_build.py FOLDER ARCHIVE

FOLDER holds the sources as the build would put them into the XML (links spelled out) and `outline.json`, which says what goes
where. The archive is the same, byte for byte, as that of `ladder build`.
"""

import gzip
import io
import json
import sys
import tarfile
from pathlib import Path

from lxml import etree

LEVEL = 9  # as in ladder_tools/build.py; the archives are compared


def main(folder: Path, archive: Path) -> None:
    texts = {path.relative_to(folder).as_posix(): path.read_bytes().decode() for path in folder.rglob("*.md")}
    outline = json.loads((folder / "outline.json").read_text(encoding="utf-8"))
    files = {name: text.encode() for name, text in outline["files"].items()}
    for name, tags in outline["trees"].items():
        root = etree.Element(tags[0][0], **tags[0][1])
        for tag, attributes, parts in tags[1:]:
            child = etree.SubElement(root, tag, **attributes)
            if parts:
                joined = (f"<!-- file: {shown} -->\n{texts[source].strip()}\n" for shown, source in parts)
                child.text = etree.CDATA("\n".join(joined))
        files[name] = etree.tostring(root, encoding="utf-8", pretty_print=True)
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in sorted(files.items()):
            info = tarfile.TarInfo(f"{outline['name']}/{name}")
            info.size, info.mode = len(data), 0o644
            tar.addfile(info, io.BytesIO(data))
    packed = bytearray(gzip.compress(plain.getvalue(), compresslevel=LEVEL, mtime=0))
    packed[9] = 255
    archive.write_bytes(packed)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
