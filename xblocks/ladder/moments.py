"""Moments in our templates: `{{ sitting.started_at|moment }}`, in the reader's zone.

    {{ at|moment }}            2026-10-08 14:30 (UTC+8)
    {{ at|moment:"seconds" }}  and the other forms of `core.moment.FORMS`
    {% zone %}                 Asia/Shanghai: the zone of the moments in a table
"""

from __future__ import annotations

import datetime

from django.template import Library
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from ladder.core.moment import FORMS, offset_name

register = Library()


def moment_words() -> str:
    """How a time and its zone are put together in the reader's language."""
    return gettext("%(time)s (%(zone)s)")


def zone_name() -> str:
    """The zone in which the reader is told times."""
    return str(timezone.get_current_timezone())


@register.filter
def moment(at: datetime.datetime, form: str = "minutes") -> SafeString:
    """A moment in the reader's zone, as an element that the page's script can write anew."""
    here, how = timezone.localtime(at), FORMS[form]
    text = here.strftime(how.parts)
    if how.says_zone:
        text = moment_words() % {"time": text, "zone": offset_name(here)}
    return format_html('<time datetime="{}" data-form="{}">{}</time>', here.isoformat(), form, text)


@register.simple_tag
def zone() -> SafeString:
    """The name of the reader's zone, as an element that the page's script can write anew."""
    return format_html("<span data-zone>{}</span>", zone_name())
