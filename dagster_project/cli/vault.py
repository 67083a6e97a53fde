"""`luyue vault rotate`: the key that personal values are encrypted and hashed with."""

from __future__ import annotations

from dagster_project.cli.base import AsJson, Data, existing, group, print_result, say

vault = group("vault", "The vault of personal values, and its key.")


@vault.callback()
def _vault() -> None:
    """Keeps `rotate` a subcommand while it is the only one."""


@vault.command()
def rotate(data: Data = None, as_json: AsJson = False) -> None:
    """Put a new key into force: every vault file and every token made anew; the old key opens nothing more.

    The key file gets a new random key. A key from LUYUE_VAULT_KEY is changed to LUYUE_VAULT_KEY_NEW.
    """
    from dataclasses import asdict

    from dagster_project.lib import lock, rotation

    settings = existing(data)
    with lock.hold(settings.lock_file, wait_seconds=0):
        done = rotation.rotate(settings, say=lambda text: say(f"{'rotate':<10} {text}"))
    print_result(asdict(done), as_json)
    if settings.vault_key is not None:
        say("set LUYUE_VAULT_KEY to the new key from now on, and forget LUYUE_VAULT_KEY_NEW")
    say("the published file shows address tokens of the old key until the next `luyue run`")
