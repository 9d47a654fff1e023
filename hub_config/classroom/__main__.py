"""`python -m hub_config.classroom`: start a classroom's hub, or look at its settings."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import NoReturn

import click

from hub_config.classroom import preflight
from hub_config.classroom.passwords import make_passwords
from hub_config.classroom.prepare import PrepareError
from hub_config.classroom.running import (
    RunningHub,
    StartError,
    make_ready,
    new_passwords,
    running_hub,
)
from hub_config.classroom.settings import (
    DEMO,
    Kubernetes,
    Local,
    Passwords,
    Settings,
    SettingsError,
    load_settings,
)
from hub_config.classroom.state import State

EXIT_FAULT = 2


@click.group()
@click.option(
    "--settings",
    "file",
    type=click.Path(path_type=Path),
    default=DEMO,
    show_default=True,
    help="The settings file.",
)
@click.option(
    "--state", type=click.Path(file_okay=False, path_type=Path), help="Instead of the file's."
)
@click.option("--port", type=click.IntRange(1024, 65500), help="Instead of the file's.")
@click.pass_context
def main(context: click.Context, file: Path, state: Path | None, port: int | None) -> None:
    """A classroom on JupyterHub."""
    try:
        context.obj = load_settings(file, state=state, port=port)
    except SettingsError as error:
        _stop(str(error))


@main.command()
@click.pass_obj
def start(settings: Settings) -> None:
    """Start the hub; Ctrl-C stops it and all that it has started."""
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    try:
        with running_hub(settings, lambda line: click.echo(f"  {line}")) as hub:
            click.echo(_welcome(hub))
            code = hub.wait()
            click.echo(
                f"\nThe hub ended by itself ({code}); {State(settings.hub.state).hub_log} may say why. "
                "Servers that were running still run; start it again, and it takes them over."
            )
            sys.exit(1)
    except KeyboardInterrupt:
        click.echo("\nStopped. Started again, everything is as it was.")
    except (PrepareError, StartError) as error:
        _stop(str(error))


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


@main.command()
@click.pass_obj
def check(settings: Settings) -> None:
    """Say what is wrong with the settings and with this machine, and start nothing."""
    faults = preflight.faults(settings)
    if faults:
        _stop("\n".join(faults))
    click.echo(
        f"{settings.file.name}: {len(settings.courses)} courses, {len(settings.people)} people, "
        f"{len(settings.profiles)} profiles; nothing stands in the way of a start."
    )


@main.command()
@click.pass_obj
def prepare(settings: Settings) -> None:
    """Make the classroom ready and start nothing: for a hub that another program starts, such as systemd."""
    try:
        make_ready(settings, click.echo)
    except PrepareError as error:
        _stop(str(error))
    for person, text in new_passwords(settings).items():
        click.echo(f"{person:<12} {text}")


@main.command()
@click.pass_obj
def values(settings: Settings) -> None:
    """Print values for the chart Zero to JupyterHub."""
    if not isinstance(settings.spawner, Kubernetes):
        _stop(f'{settings.file.name} has no spawner of the kind "kubernetes"')
    import yaml

    from hub_config.classroom import chart

    click.echo(yaml.safe_dump(chart.values(settings), sort_keys=False), nl=False)


@main.command()
@click.argument("people", nargs=-1, required=True)
@click.pass_obj
def password(settings: Settings, people: tuple[str, ...]) -> None:
    """Make new passwords for PEOPLE and print them."""
    strangers = sorted(set(people) - set(settings.people))
    if not isinstance(settings.login, Passwords):
        _stop(f'{settings.file.name} has no login of the kind "passwords"')
    if strangers:
        _stop(f"{', '.join(strangers)}: not in {settings.file.name}")
    made = make_passwords(State(settings.hub.state).passwords, settings.people, people)
    for person, text in made.items():
        click.echo(f"{person:<12} {text}")


def _stop(message: str) -> NoReturn:
    click.echo(f"hub: {message}", err=True)
    sys.exit(EXIT_FAULT)


def _welcome(hub: RunningHub) -> str:
    settings = hub.settings
    lines = ["", f"The hub is up: {hub.url}", ""]
    for course in settings.courses:
        lines.append(f"{course.id}: {course.title}")
        for part, people in (
            ("instructor", course.instructors),
            ("assistant", course.assistants),
            ("student", course.students),
        ):
            lines += [f"  {part:<12}{person}" for person in people]
    lines.append("")
    if hub.new_passwords:
        lines.append("Passwords, shown this once:")
        lines += [f"  {person:<12}{text}" for person, text in hub.new_passwords.items()]
    elif isinstance(settings.login, Passwords):
        lines += [
            "Passwords are those of the first start. New ones for a person:",
            "  .venv/bin/python -m hub_config.classroom password PERSON",
        ]
    first = settings.courses[0]
    student = first.students[0] if first.students else "a student"
    teacher = first.staff[-1]
    lines += [
        "",
        "Try",
        f"  1. as {student}: start a server; Nbgrader > Assignment List > Fetch; answer; Validate; Submit.",
        f"  2. as {teacher}, in a private window: {hub.url}/services/{first.id}/",
        "     collects, autogrades with this project's grader, and releases feedback.",
        f"  3. as {student} again: Assignment List > Fetch Feedback.",
    ]
    if isinstance(settings.spawner, Local):
        lines += [
            "",
            "This is a demo: all servers run as your own user, so nothing protects people from each other,",
            "or solutions from students. hub_config/README.md says how to run a hub for a class.",
        ]
    return "\n".join([*lines, "", "Ctrl-C stops everything and keeps everything."])


if __name__ == "__main__":
    main(prog_name="python -m hub_config.classroom")
