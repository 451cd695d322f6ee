"""Words that a person typed into the search box: a reference, a postcode, a surname with a postcode."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from shared.references import normalised

# In capitals and small letters, with the blank or without; what is left is a name.
POSTCODE = re.compile(r"\b([A-Za-z]{1,2}[0-9][A-Za-z0-9]?) ?([0-9][A-Za-z]{2})\b")


@dataclass(frozen=True, slots=True)
class Sought:
    """The subject of a search: a case, or the cases of a postcode, those of a surname among them."""

    reference: str = ""
    postcode: str = ""
    surname: str = ""

    @property
    def body(self) -> Mapping[str, str]:
        """The body of the search at the API."""
        return {"postcode": self.postcode, **({"surname": self.surname} if self.surname else {})}

    @property
    def is_nothing(self) -> bool:
        """Tell whether there is nothing to look for."""
        return not self.reference and not self.postcode


def sought(typed: str) -> Sought:
    """The meaning of what was typed."""
    if reference := normalised(typed):
        return Sought(reference=reference)
    found = POSTCODE.search(typed)
    if found is None:
        return Sought(surname=" ".join(typed.split()))
    surname = " ".join((typed[: found.start()] + " " + typed[found.end() :]).replace(",", " ").split())
    return Sought(postcode=f"{found[1]} {found[2]}".upper(), surname=surname)
