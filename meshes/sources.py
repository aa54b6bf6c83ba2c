"""Whose work the population atlas is made from. Open sets bring their own sources in their passports."""

from __future__ import annotations

from meshes.atlas import Source
from meshes.grown import SOURCE as MODELLED

POPULATION = "population_bones"
"""Key of the source that the population's bones carry."""

_BONES = Source(
    title="LLP26 shape model of the pelvis and lower limb, mean of 26 adults",
    creators="Auckland Bioengineering Institute",
    license="MPL-2.0",
    license_url="https://mozilla.org/MPL/2.0/",
    citation=(
        "Zhang J, Fernandez J, Hislop-Jambrich J, Besier TF. Lower limb estimation from sparse landmarks using an "
        "articulated shape model. J Biomech 2016;49:3875-3881"
    ),
    url="https://pypi.org/project/musculoskeletal-models/0.2.4/",
    notice=(
        "The bones are evaluated from the data of the package musculoskeletal-models 0.2.4, which is subject to the "
        "terms of the Mozilla Public License, v. 2.0; a copy of the licence is at https://mozilla.org/MPL/2.0/. Its "
        "source is at https://github.com/musculoskeletal/models. Changed: levelled, the right limb mirrored from the "
        "left, both hips seated, the sacrum's foramina, canal and crest and the coccyx modelled."
    ),
)
_SOFT_TISSUE = Source(
    title="Soft tissue solved on the bones from attachment annotations",
    creators="The Ischia contributors",
    license="CC BY 4.0",
    license_url="https://creativecommons.org/licenses/by/4.0/",
    citation="The Ischia contributors. Ischia: an open, solved atlas of the pelvis and the deep gluteal region",
    url="https://creativecommons.org/licenses/by/4.0/",
    notice=(
        "Grown on the bones of the LLP26 shape model, whose notice goes with it. It is a model from the literature, no "
        "scan of a person, and its texts have not been reviewed by a clinician."
    ),
)


def population_sources() -> dict[str, Source]:
    """The sources of the population atlas, by the key that its structures carry."""
    return {POPULATION: _BONES, MODELLED: _SOFT_TISSUE}
