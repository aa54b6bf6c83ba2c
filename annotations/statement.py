"""The atoms of every annotation: a claim with its source and evidence, names, and identifiers."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

EvidenceLevel = Literal["established_anatomy", "pooled_prevalence", "expert_convention", "contested", "case_reports"]
Mark = Literal["verified", "recalled", "derived", "unverified"]
Scheme = Literal["FMA", "UBERON", "TA2", "TA98"]
Side = Literal["right", "left"]

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
"""An English anatomical term in snake case, without a side: `gluteus_maximus`."""
Text = Annotated[str, Field(min_length=1, pattern=r"^\S(.*\S)?$")]
"""One paragraph without blanks around it."""
Vector = Annotated[tuple[float, float, float], Field(strict=False)]
"""x to the subject's left, y to posterior, z up (LPS); millimetres where it is a position."""

IDENTIFIER_FORMS: dict[str, tuple[str, str]] = {
    "FMA": (r"[0-9]{4,6}", "4 to 6 digits, such as 19082"),
    "UBERON": (r"[0-9]{7}", "7 digits, such as 0008529"),
    "TA2": (r"[0-9]{1,4}", "up to 4 digits, such as 2605"),
    "TA98": (r"A[0-9]{2}\.[0-9]\.[0-9]{2}\.[0-9]{3}", "a code such as A04.7.02.011"),
}
"""How a value of each scheme is written: a regular expression, and the same in words."""


class Entry(BaseModel):
    """What all data share: no unknown key, no silent conversion, no change after loading."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Statement(Entry):
    """One claim, and how far it can be trusted."""

    text: Text = Field(description="The claim, in the terms of the field.")
    sources: list[str] = Field(min_length=1, description="Keys of the references that say so.")
    evidence: EvidenceLevel = Field(description="Level of evidence.")
    mark: Mark = Field(
        description="verified: read in the source; recalled: from a canonical reference that was not opened; "
        "derived: this project's own reading; unverified: uncertain, or sources conflict."
    )


class Names(Entry):
    """What it is called."""

    english: Text = Field(description="English term.")
    latin: Text = Field(description="Latin term of Terminologia Anatomica.")
    synonyms: list[Text] = Field(default_factory=list, description="Other names in use, in any language.")


class Identifier(Entry):
    """A term in a public terminology."""

    scheme: Scheme = Field(description="Terminology.")
    value: str = Field(description="The identifier without the scheme's prefix.")
    source: str = Field(description="Key of the reference in which it was found.")
    doubtful: bool = Field(
        default=False, description="Not checked against the terminology: shown as unverified, never as a link."
    )
    side: Side | None = Field(default=None, description="Set if it names one side only.")
    scope: Text | None = Field(
        default=None, description="Set if it names more or less than this entry: `the whole muscle`."
    )

    @model_validator(mode="after")
    def _written_as_its_scheme_demands(self) -> Identifier:
        pattern, words = IDENTIFIER_FORMS[self.scheme]
        if not re.fullmatch(pattern, self.value):
            raise ValueError(f'"{self.value}" is no {self.scheme} identifier; write {words}')
        return self
