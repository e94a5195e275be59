"""The texts that attempts were drawn from and calls are played by, each kept once and named by its digest."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Collection

from ladder.records.models import Source


@functools.lru_cache(maxsize=128)
def digest_of(content: str) -> str:
    """Names one version of a text."""
    return hashlib.sha256(content.encode()).hexdigest()


def keep_source(content: str) -> str:
    """Keep a text, unless it is kept already. Returns its digest."""
    digest = digest_of(content)
    Source.objects.bulk_create([Source(digest=digest, content=content)], ignore_conflicts=True)
    return digest


def source_text(digest: str) -> str:
    """A text that was kept."""
    return source_texts([digest])[digest]


def source_texts(digests: Collection[str]) -> dict[str, str]:
    """Texts that were kept, by digest. One statement, none when there is nothing to read."""
    return dict(Source.objects.filter(digest__in=digests).values_list("digest", "content")) if digests else {}
