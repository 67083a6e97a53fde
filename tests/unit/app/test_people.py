"""Groups become grants by the mapping alone, and a sign-in ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.access import people
from app.access.policy import Policy
from app.access.roles import all_roles, pages
from app.access.sessions import Limits, Sessions, limits_of

MAPPING = {
    "groups": {
        "service-jd": {"role": "customer_service", "channels": ["jd"]},
        "audit": {"role": "auditor"},
        "service": {"role": "customer_service"},
        "nobody": {"role": "owner", "warehouses": []},
    }
}
LIMITS = Limits(idle_seconds=600, absolute_seconds=3600)


@pytest.mark.parametrize(
    ("groups", "grants"),
    [
        ([], ()),
        (["strangers"], ()),
        ("audit", (Policy("auditor"),)),
        (["audit", "service-jd"], (Policy("customer_service", ("jd",)), Policy("auditor"))),
        (["service", "service-jd"], (Policy("customer_service", ("jd",)),)),
        (["nobody"], (Policy("owner", None, ()),)),
        (None, ()),
        ([{"role": "auditor"}, 7], ()),
    ],
)
def test_groups_grant_what_the_mapping_says(groups: object, grants: tuple[Policy, ...]) -> None:
    """Passes if unknown groups grant nothing and of two groups of one role the first counts."""
    assert people.of_claims({"sub": "u1", "groups": groups}, MAPPING).grants == grants


def test_a_role_that_is_not_granted_is_not_given() -> None:
    """Passes if asking for another role, as a URL may, falls back to the person's own."""
    person = people.of_claims({"sub": "u1", "groups": ["audit"]}, MAPPING)
    assert person.grant("engineer") == person.grant(None) == Policy("auditor")
    assert people.of_claims({"sub": "u1"}, MAPPING).grant("auditor") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "groups: 3",
        "groups: {a: {role: king}}",
        "groups: {a: auditor}",
        "{",
        "groups: {a: {role: owner, channels: jd}}",
    ],
)
def test_a_mapping_that_says_nonsense_is_refused(tmp_path: Path, text: str) -> None:
    """Passes if the error names the file."""
    path = tmp_path / "roles.yml"
    path.write_text(text)
    with pytest.raises(people.MappingError, match=r"roles\.yml"):
        people.read_mapping(path)


def test_a_sign_in_ends_when_idle_and_when_old_and_stays_ended() -> None:
    """Passes if a click keeps it open, ten minutes without one close it, and no click opens it again."""
    held = Sessions()
    assert held.is_open("a", 0, 0, LIMITS, active=True)
    assert held.is_open("a", 0, 500, LIMITS, active=True)
    assert held.is_open("a", 0, 1000, LIMITS, active=False)
    assert not held.is_open("a", 0, 1101, LIMITS, active=True)
    assert not held.is_open("a", 0, 1102, LIMITS, active=True)
    assert not held.is_open("b", 0, 3601, LIMITS, active=True), "an old cookie in a new tab"
    assert held.is_open("c", 3000, 3601, LIMITS, active=True)
    held.end("c")
    assert not held.is_open("c", 3000, 3602, LIMITS, active=True)


def test_limits_come_from_the_mapping() -> None:
    assert limits_of({"sessions": {"idle_minutes": 1}}) == Limits(60, 8 * 3600)


def test_every_page_is_a_file_and_every_role_has_a_page() -> None:
    """Passes if roles.yml and app_pages/ name the same pages."""
    folder = Path(people.__file__).resolve().parents[1] / "app_pages"
    assert {path.stem for path in folder.glob("*.py")} == set(pages())
    assert all(role.pages for role in all_roles().values())
