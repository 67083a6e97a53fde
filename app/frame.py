"""What stands around every page: sign-in, permission, version, stale strip, header, links, and the states
without.

A page is a file of app_pages/ that calls `page(name, body)` and nothing else at its end:

    def body(desk: Desk) -> None:
        st.html(...)                                   # words from desk.say, rows from app.queries
        rows.show(desk, "late", late.rows(desk.scope, desk.warehouse))

    page("fulfilment", body, filters=("period", "channel", "warehouse"))

Its name stands in access/roles.yml (who may open it, and where in the navigation) and, as `page.<name>`, in
the words (words/*.yml). The filters are in the URL already; `desk` holds what they picked, checked against
the data. Queries go through `queries.reader.read`, which puts the reader's policy under them. Nothing here
belongs to one page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from app import header, page_state, published, session
from app.access import policy, signed_in
from app.access.people import MappingError, Person
from app.access.policy import NoPermissionError, Policy
from app.components import notices
from app.labels import Labels, preferred
from app.periods import Period
from app.queries import reader, trust
from app.queries.scope import Scope
from dagster_project import settings


@dataclass(frozen=True)
class Desk:
    """What one run of a page has before it."""

    version: published.Version
    as_of: datetime
    scope: Scope
    """Channel (`all` or one), kind and start of the period."""
    period: Period
    offered: list[Period]
    warehouse: str
    """`all` or a warehouse_code."""
    say: Labels
    person: Person
    policy: Policy
    """The role in force and its rows; queries heed it by themselves, buttons ask `desk.policy.may(...)`."""


class _ClosedError(NoPermissionError):
    """The role in force may not open this page; nothing of it is drawn yet."""


def page(name: str, body: Callable[[Desk], None], *, filters: Collection[str] = header.FILTERS) -> None:
    """Shows the page, or says why not: not signed in, not permitted, nothing published, damaged, outdated."""
    say = Labels(preferred(page_state.chosen("lang"), st.context.locale))
    with st.container(key="page"):
        try:
            _show(name, body, say, filters)
        except signed_in.SignInNeededError:
            _sign_in(say)
        except _ClosedError:
            _refuse(name, say)
        except NoPermissionError:
            st.html(notices.state("no_role", say, is_alone=True, who=signed_in.person().name))
        except MappingError as problem:
            st.html(notices.gone(published.UnavailableError("unmapped", str(problem)), say))
        except published.UnavailableError as problem:
            st.html(notices.gone(problem, say))
            session.await_another(settings.load().serving)


def _show(name: str, body: Callable[[Desk], None], say: Labels, filters: Collection[str]) -> None:
    person = signed_in.person()
    mine = policy.current()
    if not mine.may_open(name):
        raise _ClosedError(f"{mine.role} may not open {name}")
    if not signed_in.is_local():
        signed_in.watch()
    version = session.version(settings.load().serving)
    reader.check(version)
    as_of = trust.as_of(version)
    now = datetime.now(published.WALL_CLOCK).replace(tzinfo=None)
    strip = notices.stale(as_of, version.published_at, now, say)
    if strip:
        st.html(strip)
    picked = header.draw(version, as_of, say, person, mine, filters, title=say(f"page.{name}"))
    header.links(mine, name, say)
    body(
        Desk(
            version=version,
            as_of=as_of,
            scope=Scope(picked.channel, picked.period.kind, picked.period.start),
            period=picked.period,
            offered=picked.offered,
            warehouse=picked.warehouse,
            say=say,
            person=person,
            policy=mine,
        )
    )


def _sign_in(say: Labels) -> None:
    with st.container(key="alone"):
        st.html(notices.state("sign_in", say, is_alone=True))
        with st.container(key="state_do"):
            if st.button(say("state.sign_in.button"), key="sign_in", type="primary"):
                st.login()


def _refuse(name: str, say: Labels) -> None:
    """The state of a role that may not open this page; whoever has another role may change to it."""
    person, mine = signed_in.person(), policy.current()
    with st.container(key="header", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(header.brand(say, say(f"page.{name}")), width="content")
        st.space("stretch")
        header.who(person, mine, say)
    header.links(mine, name, say)
    others = [grant.role for grant in person.grants if grant.may_open(name)]
    names = say("say.list").join(say(f"role.{role}") for role in others)
    is_limited = name in mine.of_role.pages
    st.html(
        notices.state(
            "forbidden_but" if others else "limited" if is_limited else "forbidden",
            say,
            page=say(f"page.{name}"),
            role=say(f"role.{mine.role}"),
            roles=names,
        )
    )
