"""Files as accidents and strangers make them: bytes turned, torn, doubled and mixed, in the parts of an archive too."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator, Sequence

_TOKENS = (
    b"\x00", b"\xff\xfe", b"{", b"}", b"=", b"~", b"#", b"<", b">", b"</", b"]]>", b"&", b"&#0;", b"%", b"\\", b"\n", b"\n\n", b"\r", b"\t",
    b"A.", "（".encode(), "）".encode(), "答案：".encode(), "一、单选题".encode(), "1、".encode(), b"1-5", b"__", b"[[", b"]]", b"((", b"))", b"->",
    b"::", b"-1", b"0", b"99999999999999999999", b"1e999", b"NaN", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", "𠮷".encode(), b"<x>" * 50,
    b"(" * 500, "　".encode() * 50, b"a" * 3000, b"{1:MC:=", b"ANSWER:", b"true", b"NULL", b"=1+1", b"\x1b",
)


def mutations(seeds: Sequence[bytes], count: int, seed: int) -> Iterator[bytes]:
    """`count` files made of the seeds, the same for the same numbers."""
    dice = random.Random(seed)
    for _ in range(count):
        data = dice.choice(seeds)
        if data.startswith(b"PK") and dice.random() < 0.8:
            yield _inside(data, dice, seeds)
        else:
            yield _turned(data, dice, seeds)


def _inside(data: bytes, dice: random.Random, seeds: Sequence[bytes]) -> bytes:
    """An archive with some of its parts turned, so that the turning is met behind the archive's own checks."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name in dice.sample(sorted(parts), min(len(parts), dice.randint(1, 2))):
        if dice.random() < 0.05:
            del parts[name]
        else:
            parts[name] = _turned(parts[name], dice, [*parts.values()])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _turned(data: bytes, dice: random.Random, seeds: Sequence[bytes]) -> bytes:
    work = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 3, 8))):
        at = dice.randint(0, len(work))
        until = min(len(work), at + dice.choice((1, 1, 2, 10, 200)))
        kind = dice.randrange(6)
        if kind == 0 and work:
            work[min(at, len(work) - 1)] ^= 1 << dice.randrange(8)
        elif kind == 1:
            del work[at:until]
        elif kind == 2:
            work[at:at] = dice.choice(_TOKENS)
        elif kind == 3:
            work[at:at] = work[at:until] * dice.choice((1, 2, 30))
        elif kind == 4:
            other = dice.choice(seeds)
            begin = dice.randint(0, len(other))
            work[at:until] = other[begin : begin + dice.choice((5, 100, 1000))]
        else:
            work = work[:at] if dice.random() < 0.3 else work[at:] + work[:at]
    return bytes(work)
