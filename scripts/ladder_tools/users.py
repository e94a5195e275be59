"""`ladder users`: who may sign in to the preview. A server that is running notices at once."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ladder_tools import check as checking
from ladder_tools.preview import data_folder
from ladder_tools.preview.sentences import Stopped, of_database, say, told

if TYPE_CHECKING:
    from ladder_tools.people_list import Person

ROLES = {"trainee": ("学员", "trainee"), "trainer": ("培训师", "trainer")}
_DATA = click.option("--data", type=click.Path(readable=False, path_type=Path), default=Path(".ladder"), show_default=True,
                     help="Folder that the server keeps its records in.")
_LANG = click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of messages; by default your locale's.")
_GENERATE = click.option("--generate", is_flag=True, help="Make a password and print it once, instead of asking for one.")
_STATES = {
    "open": ("可登录", "can sign in"), "removed": ("已移除", "removed"), "demo": ("示例", "demo"),
}
_COLUMNS = (("账号", "account"), ("姓名", "name"), ("角色", "role"), ("状态", "state"), ("上次登录", "last sign-in"))
_NEVER = ("从未", "never")


@click.group()
def users() -> None:
    """Say who may sign in to the preview; a server that is running notices at once."""


@users.command()
@click.argument("name", required=False)
@click.option("--full-name", default="", help="Name that the pages show.")
@click.option("--role", type=click.Choice(tuple(ROLES)), default="trainee", show_default=True, help="What the person is here.")
@click.option("--from", "people", type=click.Path(readable=False, path_type=Path),
              help="CSV file of people instead of one name: columns account, name, role, password.")
@_GENERATE
@click.option("--again", is_flag=True, help="Open an account again that was removed.")
@_DATA
@_LANG
def add(
    name: str | None, full_name: str, role: str, people: Path | None, generate: bool, again: bool, data: Path, lang: str | None,
) -> None:
    """Give somebody an account. The password is asked for, or read from the standard input.

    \b
    Examples:
        ladder users add lin --full-name 林晓雨
        ladder users add teacher --role trainer --generate
        ladder users add --from people.csv
    """
    spoken = checking.language(lang)
    with _accounts(data, spoken):
        from ladder_tools.people_list import Person, read_people

        if bool(name) == bool(people):
            raise Stopped("people-or-name")
        if people:
            _add(read_people(people), spoken, again=again, ask=False)
        else:
            _add([Person(_normal(name or ""), full_name, role)], spoken, again=again, ask=not generate)


@users.command()
@click.argument("name")
@_GENERATE
@_DATA
@_LANG
def password(name: str, generate: bool, data: Path, lang: str | None) -> None:
    """Give somebody another password; who is signed in with the old one is signed out.

    \b
    Example:
        ladder users password lin
    """
    spoken = checking.language(lang)
    with _accounts(data, spoken):
        from ladder_tools.preview.accounts import note_change

        user = _found(name)
        word = secrets.token_urlsafe(9) if generate else _asked(user, spoken)
        user.set_password(word)
        user.save(update_fields=["password"])
        note_change()
        click.echo(say("password-set", spoken, name=user.username))
        _show({user.username: word} if generate else {}, spoken)


@users.command()
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@_DATA
@_LANG
def remove(names: tuple[str, ...], data: Path, lang: str | None) -> None:
    """Close accounts. What these people did is kept, and their accounts can be opened again.

    \b
    Example:
        ladder users remove lin
    """
    spoken = checking.language(lang)
    with _accounts(data, spoken):
        from ladder_tools.preview.accounts import note_change

        for user in [_found(name) for name in names]:
            user.is_active = False
            user.set_unusable_password()
            user.save(update_fields=["is_active", "password"])
            note_change()
            click.echo(say("user-gone", spoken, name=user.username))


@users.command(name="list")
@_DATA
@_LANG
def list_users(data: Path, lang: str | None) -> None:
    """List the accounts: role, whether they can sign in, when they last did."""
    from rich.console import Console
    from rich.table import Table

    spoken = checking.language(lang)
    with _accounts(data, spoken, make=False):
        from django.contrib.auth import get_user_model
        from django.utils.timezone import localtime

        from ladder_tools.preview.accounts import is_of_demo

        which = spoken != "zh"
        table = Table(*(column[which] for column in _COLUMNS))
        found = list(get_user_model().objects.order_by("-is_active", "-is_staff", "username"))
        for user in found:
            state = "demo" if is_of_demo(user.username) else "open" if user.is_active else "removed"
            seen = f"{localtime(user.last_login):%Y-%m-%d %H:%M}" if user.last_login else _NEVER[which]
            table.add_row(user.username, user.first_name, ROLES["trainer" if user.is_staff else "trainee"][which],
                          _STATES[state][which], seen)
        if found:
            Console(width=None if sys.stdout.isatty() else 120).print(table)
        else:
            click.echo(say("nobody", spoken, command="ladder users add NAME --role trainer"))


@contextmanager
def _accounts(data: Path, spoken: str, *, make: bool = True) -> Iterator[None]:
    """The accounts of a data folder, brought up to date. Ends the program with a sentence where something is wrong."""
    with told(spoken):
        if not (make or data.is_dir()):
            raise Stopped("data-missing", path=data)
        data_folder.inspect(data)
        from ladder_tools.preview.serve import configure, migrate

        configure(data)
        from django.db import DatabaseError

        try:
            migrate()
            yield
        except DatabaseError as error:
            raise of_database(error, data / data_folder.RECORDS) from error


@dataclass
class _Account:
    """An account that is going to be made or opened again, and the password that is to be shown."""

    user: Any
    made_up: str


def _add(people: Sequence[Person], spoken: str, *, again: bool, ask: bool) -> None:
    """All of them, or, where one is not possible, none."""
    from django.db import transaction

    from ladder_tools.cli import progress
    from ladder_tools.preview.accounts import note_change

    accounts = []
    for person in people:
        with _at(person):
            accounts.append(_prepared(person, again=again))
    with progress("users") as notify:
        for person, account in zip(people, accounts, strict=True):
            with _at(person):
                word = _asked(account.user, spoken) if ask else person.password or secrets.token_urlsafe(9)
                _check(account.user, word)
            account.made_up = "" if ask or person.password else word
            account.user.set_password(word)  # slow by design, so before the transaction
            notify(person.account)
    with transaction.atomic():
        for account in accounts:
            account.user.save()
    note_change()
    for person in people:
        click.echo(say("user-made", spoken, name=person.account, role=ROLES[person.role][spoken != "zh"]))
    _show({account.user.username: account.made_up for account in accounts if account.made_up}, spoken)


@contextmanager
def _at(person: Person) -> Iterator[None]:
    """What is wrong with somebody of a list is told with the line."""
    try:
        yield
    except Stopped as stopped:
        if not person.line:
            raise
        raise Stopped("people-line", path=person.path, line=person.line, why=stopped) from stopped


def _prepared(person: Person, *, again: bool) -> _Account:
    """The account as it is to be, unsaved. Raises `Stopped`."""
    from django.contrib.auth import get_user_model
    from django.core.exceptions import ValidationError

    from ladder_tools.preview.accounts import is_of_demo

    model = get_user_model()
    if is_of_demo(person.account):
        raise Stopped("user-of-demo", name=person.account)
    user = model.objects.filter(username__iexact=person.account).first() or model(username=person.account)
    if user.pk and user.is_active:
        raise Stopped("user-taken", name=user.username)
    if user.pk and not again:
        raise Stopped("user-removed", name=user.username)
    user.is_active, user.is_staff = True, person.role == "trainer"
    user.first_name = person.name or user.first_name
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        raise Stopped("user-name", name=person.account[:40] or '""') from error
    return _Account(user, "")


def _found(name: str) -> Any:
    """An account that is open and not of the demo. Raises `Stopped`."""
    from django.contrib.auth import get_user_model

    from ladder_tools.preview.accounts import is_of_demo

    user = get_user_model().objects.filter(username__iexact=_normal(name)).first()
    if user is None:
        raise Stopped("user-none", name=name)
    if is_of_demo(user.username):
        raise Stopped("user-in-demo", name=user.username)
    if not user.is_active:
        raise Stopped("user-closed", name=user.username)
    return user


def _normal(name: str) -> str:
    """A name as the sign-in page compares it."""
    from django.contrib.auth import get_user_model

    return str(get_user_model().normalize_username(name.strip()))


def _asked(user: Any, spoken: str) -> str:
    """A password: asked for twice on a terminal, else the first line of the standard input. Raises `Stopped`."""
    if not sys.stdin.isatty():
        word = sys.stdin.readline().rstrip("\r\n")
        if not word:
            raise Stopped("password-missing")
        _check(user, word)
        return word
    while True:
        word = click.prompt(say("password-ask", spoken, name=user.username), hide_input=True)
        try:
            _check(user, word)
        except Stopped as stopped:
            click.echo(say(stopped.name, spoken, **stopped.words), err=True)
            continue
        if word == click.prompt(say("password-again", spoken), hide_input=True):
            return str(word)
        click.echo(say("password-differs", spoken), err=True)


def _check(user: Any, word: str) -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    try:
        validate_password(word, user)
    except ValidationError as error:
        first = error.error_list[0]
        raise Stopped("password-refused", name=user.username, reason=Stopped(first.code, **(first.params or {}))) from error


def _show(passwords: dict[str, str], spoken: str) -> None:
    if passwords:
        click.echo(say("password-shown", spoken))
    for name, word in passwords.items():
        click.echo(f"  {name}  {word}")
