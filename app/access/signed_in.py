"""Who looks at this page, by Streamlit's session: the local user, or whoever the identity provider says.

The only module of access that knows Streamlit. What a person may do stands in policy.py and people.py.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from app.access import people, sessions
from app.access.people import Person
from app.access.policy import NoPermissionError, Policy
from dagster_project import settings

WATCH_SECONDS = 60
_sessions = sessions.Sessions()


class SignInNeededError(NoPermissionError):
    """Nobody is signed in, or the session has ended."""


def person() -> Person:
    """Who is here. Raises `SignInNeededError`; `people.MappingError` where the mapping cannot be used."""
    configured = settings.load()
    if configured.auth_file is None:
        return people.local(settings.account())
    mapping = _mapping(configured.roles_file)
    claims = _claims()
    if not claims or not _holds(claims, mapping, active=True):
        raise SignInNeededError("nobody is signed in")
    return people.of_claims(claims, mapping)


def policy() -> Policy:
    """The grant in force: the one that the URL's `role` names among the person's own, else the first.

    Raises `SignInNeededError`, and `NoPermissionError` for a person without any grant.
    """
    grant = person().grant(st.query_params.get("role"))
    if grant is None:
        raise NoPermissionError("no group of this person grants a role")
    return grant


def ticket() -> Callable[[], None]:
    """For what is made later and elsewhere, an export: raises `SignInNeededError` once the session of now has
    ended."""
    if is_local():
        return lambda: None
    claims = _claims()

    def check() -> None:
        if not claims or not _holds(claims, _mapping(settings.load().roles_file), active=False):
            raise SignInNeededError("the session has ended")

    return check


def is_local() -> bool:
    """Whether the dashboard serves one person on this machine, without a sign-in."""
    return settings.load().auth_file is None


def sign_out() -> None:
    """Ends the session here and at the provider; the page goes away."""
    _sessions.end(_key(_claims()))
    st.logout()
    st.stop()


@st.fragment(run_every=WATCH_SECONDS)
def watch() -> None:
    """Takes the page away once its session has ended, though nobody clicks."""
    claims = _claims()
    if claims and not _holds(claims, _mapping(settings.load().roles_file), active=False):
        st.logout()


def _claims() -> dict[str, Any]:
    """The claims of the ID token that the provider signed; empty where nobody is signed in."""
    claims = st.user.to_dict()
    return claims if claims.get("is_logged_in") else {}


def _holds(claims: dict[str, Any], mapping: dict[str, Any], *, active: bool) -> bool:
    signed_in_at = float(claims.get("iat", 0))
    limits = sessions.limits_of(mapping)
    return _sessions.is_open(_key(claims), signed_in_at, time.time(), limits, active=active)


def _key(claims: dict[str, Any]) -> str:
    return " ".join(str(claims.get(name)) for name in ("iss", "sub", "iat", "nonce"))


def _mapping(path: Path | None) -> dict[str, Any]:
    if path is None or not path.is_file():
        raise people.MappingError(f"{path}: no mapping of groups to roles; set LUYUE_ROLES to one")
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(path: Path, changed_at: int) -> dict[str, Any]:
    return people.read_mapping(path)
