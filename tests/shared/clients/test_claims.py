"""The claims map: what a council's own sign-in grants, and the files that are refused at the start."""

from pathlib import Path
from typing import Any

import pytest

from shared.clients.claims import BadClaimsMap, Granted, as_named, read_claims_map, sign_in_of
from shared.directory import DIRECTORY
from shared.errors import Unauthenticated
from shared.settings import Settings

ROLES = """
[[grant]]
value = "officer.repairs"
roles = ["officer"]
departments = ["Repairs"]
scopes = ["import"]

[[grant]]
value = "manager"
scopes = ["manager"]

[[grant]]
value = "acme"
roles = ["contractor"]
firm = "Acme Repairs"

[[grant]]
value = "bodge"
roles = ["contractor"]
firm = "Bodge & Sons"
"""
GROUP = "0760b6cf-170e-4a14-91b3-4b78e0739963"
GROUPS = f"""
claim = "groups"
[[grant]]
value = "{GROUP}"
roles = ["officer"]
departments = ["asb"]
"""
KEYCLOAK = """
claim = "realm_access.roles"
[[grant]]
value = "officer"
roles = ["officer"]
[[grant]]
claim = ["resource_access", "housing.api", "roles"]
value = "asb"
departments = ["asb"]
[[grant]]
claim = "scope"
value = "import"
scopes = ["import"]
"""
EMAIL = """
subject = "email"
[everyone]
roles = ["resident"]
"""


def granted(tmp_path: Path, text: str, **claims: Any) -> Granted:
    return read_claims_map(written(tmp_path, text), DIRECTORY).read({"sub": "7", **claims})


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "claims.toml"
    path.write_text(text)
    return path


def test_each_value_grants_what_its_row_says(tmp_path: Path) -> None:
    """Values add up; one that no row names grants nothing, and neither do claims of our own names."""
    roles = ["officer.repairs", "manager", "payroll"]
    assert granted(tmp_path, ROLES, roles=roles, departments=["asb"], scope="asb") == Granted(
        subject="7",
        roles=frozenset({"officer"}),
        scopes=frozenset({"import", "manager"}),
        departments=frozenset({"repairs"}),
    )
    assert granted(tmp_path, ROLES, roles=["officer"]) == Granted("7")
    assert granted(tmp_path, ROLES) == Granted("7")


def test_a_contractor_has_the_firm_of_their_row(tmp_path: Path) -> None:
    """And one alone: whoever has two would see the jobs of either as the other's."""
    assert granted(tmp_path, ROLES, roles="acme").firm == "Acme Repairs"
    with pytest.raises(Unauthenticated, match="more than one firm"):
        granted(tmp_path, ROLES, roles=["acme", "bodge"])


def test_groups_grant_by_their_ids(tmp_path: Path) -> None:
    """Claims in the form of Microsoft Entra."""
    assert granted(tmp_path, GROUPS, groups=[GROUP]).departments == {"asb"}


@pytest.mark.parametrize(
    "overage",
    [
        {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "https://graph"}}},
        {"hasgroups": True},
        {"hasgroups": "true"},
    ],
)
def test_groups_that_were_left_out_are_not_guessed(tmp_path: Path, overage: dict[str, Any]) -> None:
    """Of more than 200 groups the token has none: an officer is told so, and not shown an empty list."""
    with pytest.raises(Unauthenticated, match="too many"):
        granted(tmp_path, GROUPS, **overage)
    assert granted(tmp_path, ROLES, roles="manager", **overage).scopes == {"manager"}


def test_claims_inside_others_are_read(tmp_path: Path) -> None:
    """Keycloak's roles of the realm and of a client, and a scope among several."""
    found = granted(
        tmp_path,
        KEYCLOAK,
        realm_access={"roles": ["officer", "offline_access"]},
        resource_access={"housing.api": {"roles": ["asb"]}, "account": {"roles": ["view-profile"]}},
        scope="openid import email",
    )
    assert found.roles == {"officer"}
    assert found.departments == {"asb"}
    assert found.scopes == {"import"}
    assert granted(tmp_path, KEYCLOAK, realm_access="officer", resource_access=[]) == Granted("7")


def test_a_claim_with_dots_in_its_name_is_found(tmp_path: Path) -> None:
    """Some providers name claims by addresses."""
    text = ROLES.replace("\n[[grant]]", '\nclaim = "https://council.example/roles"\n[[grant]]', 1)
    found = granted(tmp_path, text, **{"https://council.example/roles": ["manager"]})
    assert found.scopes == {"manager"}


def test_residents_are_known_by_an_address_that_was_verified(tmp_path: Path) -> None:
    """Whoever could make up an address would find another's cases; its letters' case does not count."""
    found = granted(tmp_path, EMAIL, email="Sam@Example.org", email_verified=True)
    assert found.subject == "sam@example.org"
    assert found.roles == {"resident"}


@pytest.mark.parametrize("verified", [None, False, "false", "true", 1])
def test_an_address_that_was_not_verified_is_refused(tmp_path: Path, verified: object) -> None:
    """Microsoft Entra sends addresses that anybody may have typed, and says nothing of them."""
    with pytest.raises(Unauthenticated, match="not verified"):
        granted(tmp_path, EMAIL, email="sam@example.org", email_verified=verified)


@pytest.mark.parametrize("claims", [{}, {"oid": ""}, {"oid": " "}, {"oid": 7}])
def test_whoever_lacks_the_claim_that_names_them_is_refused(tmp_path: Path, claims: dict[str, Any]) -> None:
    """Two without one would be the same person."""
    with pytest.raises(Unauthenticated, match="lacks the claim"):
        granted(tmp_path, 'subject = "oid"\n' + ROLES, **claims)


@pytest.mark.parametrize("roles", [7, {"officer": True}, ["officer", 7]])
def test_a_claim_of_another_shape_is_refused(tmp_path: Path, roles: object) -> None:
    """Neither a text nor a list of texts."""
    with pytest.raises(Unauthenticated, match="not a list of texts"):
        granted(tmp_path, ROLES, roles=roles)


@pytest.mark.parametrize(
    ("claims", "scopes"),
    [
        ({"scope": "asb import"}, {"asb", "import"}),
        ({"scope": ["asb", "import"]}, {"asb", "import"}),
        ({"scp": "asb import"}, {"asb", "import"}),
        ({"scp": ["asb"], "scope": "import"}, {"asb", "import"}),
        ({}, set()),
    ],
)
def test_without_a_map_scopes_are_scope_and_scp(claims: dict[str, Any], scopes: set[str]) -> None:
    """One text or a list, as providers like it."""
    assert as_named({"sub": "7", **claims}).scopes == scopes


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it has no grant"),
        ("[[grant]\n", "Expected"),
        ('[[grant]]\nroles = ["officer"]\n', "grant 1 value: Field required"),
        (ROLES + '[[grant]]\nvalue = "x"\nroles = ["offcer"]\n', "grant 5 roles 1: Input should be"),
        (
            '[[grant]]\nvalue = "x"\nroles = ["service"]\n',
            "grant 1, x: roles: service and provider are not for people",
        ),
        (
            '[[grant]]\nvalue = "x"\ndepartments = ["repair"]\n',
            "grant 1, x: departments: no service has",
        ),
        ('[[grant]]\nvalue = "x"\nscopes = ["a b"]\n', "grant 1 scopes 1: String should match"),
        ('[[grant]]\nvalue = "x"\nroles = ["contractor"]\n', "grant 1, x: firm: a contractor has one"),
        ('[[grant]]\nvalue = "x"\n', "grant 1, x: it grants nothing"),
        ('[[grant]]\nvalue = "x"\nrole = ["officer"]\n', "grant 1 role: there is no such key"),
        ('[everyone]\nroles = ["contractor"]\n', "everyone: firm: a contractor has one"),
        ('subject = "upn"\n' + ROLES, "subject: upn may be another person's tomorrow"),
    ],
)
def test_a_map_that_cannot_be_kept_to_is_refused_with_its_row_and_the_reason(
    tmp_path: Path, text: str, reason: str
) -> None:
    """At the start, and not when the first officer signs in."""
    path = written(tmp_path, text)
    with pytest.raises(BadClaimsMap) as refused:
        read_claims_map(path, DIRECTORY)
    assert str(refused.value).startswith(f"{path}: {reason}")


def test_a_map_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A path that was mistyped must not let everybody in as nobody."""
    settings = Settings(oidc_issuer="https://id.example", oidc_claims_file=tmp_path / "clams.toml")
    with pytest.raises(BadClaimsMap, match=r"clams\.toml: cannot be read"):
        sign_in_of(settings)


@pytest.mark.parametrize("name", ["entra", "keycloak", "one_login"])
def test_the_examples_are_maps(name: str) -> None:
    """The examples are taken unchanged, for a council to begin with."""
    read_claims_map(Path("deploy/sign_in") / f"{name}.toml", DIRECTORY)
