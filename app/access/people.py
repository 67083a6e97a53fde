"""Who somebody is: a name for the record, and grants: roles, each over some or all channels and warehouses.

Pure. From the claims of an identity provider by a mapping file, or the one who works alone on this machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.access.policy import Policy
from app.access.roles import all_roles

GROUPS_CLAIM = "groups"
SCOPES = ("channels", "warehouses")
_NAME_CLAIMS = ("preferred_username", "email", "sub")


class MappingError(Exception):
    """The mapping of groups to roles says something that it may not. The text says what and where."""


@dataclass(frozen=True)
class Person:
    """`grants` in the order of the mapping; the first is in force unless the URL names another of them."""

    name: str
    grants: tuple[Policy, ...]

    def grant(self, role: str | None) -> Policy | None:
        """The grant with this role, else the first; None for a person without any."""
        chosen = [grant for grant in self.grants if grant.role == role]
        return next(iter(chosen or self.grants), None)


def local(name: str) -> Person:
    """Whoever works alone on this machine can read the published file: all roles, over everything."""
    return Person(name, tuple(Policy(role) for role in all_roles()))


def of_claims(claims: Mapping[str, Any], mapping: Mapping[str, Any]) -> Person:
    """The person of an ID token: each group that `mapping` names grants its role; others grant nothing.

    Of two groups with one role the first of the mapping counts.
    """
    claim = mapping.get("claim", GROUPS_CLAIM)
    told = claims.get(claim) or ()
    groups = {told} if isinstance(told, str) else {str(group) for group in told}
    grants: dict[str, Policy] = {}
    for group, of in mapping["groups"].items():
        if group in groups:
            grants.setdefault(of["role"], _grant(of))
    name = next((str(claims[claim]) for claim in _NAME_CLAIMS if claims.get(claim)), "?")
    return Person(name, tuple(grants.values()))


def read_mapping(path: Path) -> dict[str, Any]:
    """A mapping file (YAML): `groups: {group: {role, channels, warehouses}}`, `claim`. Raises
    `MappingError`."""
    import yaml

    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise MappingError(f"{path}: cannot be read: {error}") from None
    if not isinstance(told, dict) or not isinstance(told.get("groups"), dict):
        raise MappingError(f"{path}: must say `groups:`, a map from group to role")
    for group, of in told["groups"].items():
        if not isinstance(of, dict) or of.get("role") not in all_roles():
            raise MappingError(f"{path}: group {group}: role must be one of {', '.join(all_roles())}")
        for key in SCOPES:
            if not isinstance(of.get(key, []), list):
                raise MappingError(f"{path}: group {group}: {key} must be a list")
    return told


def _grant(of: Mapping[str, Any]) -> Policy:
    def listed(key: str) -> tuple[str, ...] | None:
        return tuple(str(one) for one in of[key]) if key in of else None

    return Policy(of["role"], listed("channels"), listed("warehouses"))
