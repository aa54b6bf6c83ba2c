"""The file from which one begins to write a lesson."""

from __future__ import annotations

TEMPLATE = """\
# A lesson for Ischia. Check it:  ischia lesson check {id}.yaml    Play it:  ischia view --lesson {id}.yaml
# All names that a scene may use: the tree in the page, or annotations/data. A scene says only what differs from the
# picture that a first visitor sees. Make the picture in the page: menu, "Write a lesson", saves a file like this one.
id: {id}                          # lower case words joined by underscores
title: {title}
summary: What one will be able to tell after it, in one or two sentences.
audience: [students]              # students, therapists, educators
minutes: 5
reviewed_by: null                 # the clinician who checked it; null is shown as "not reviewed yet"
steps:
  - title: One idea a step
    # Two to five sentences. *stressed*, **strongly**, and structures that light up: [words](structure.side)
    text: >-
      The [piriformis](piriformis.right) lies deep in the buttock. The sciatic nerve *usually* passes below it.
    # client: The same in plain words, to be said to a client.
    # teacher: A hint for whoever teaches it.
    statements:                   # what stands behind the text: sources are keys of annotations/data/references.yaml
      - text: It leaves by the greater sciatic foramen below piriformis.
        sources: [sacral_plexus_pages]
        evidence: established_anatomy   # pooled_prevalence, expert_convention, contested, case_reports
        mark: verified                  # read in that source; else recalled, derived or unverified
    scene:
      focus: true
      camera: {{view: oblique}}
  - title: A question keeps people awake
    text: >-
      Look at the picture, and decide before you press.
    scene:
      isolated: [sacrum, hip_bone.right, femur.right, piriformis.right, sciatic_nerve.right]
      labels: all
      camera: {{view: oblique}}
    question:
      prompt: Where does piriformis end?
      choices:                    # exactly one with right: true; `why` meets a wrong answer kindly
        - text: On the sitting bone
          why: That is a little lower, and other muscles begin there.
        - text: On top of the greater trochanter
          right: true
      # or, instead of choices:   find: piriformis.right
      explanation:
        text: Its round tendon ends on the upper border of the greater trochanter.
        sources: [gray_1918]
        evidence: established_anatomy
        mark: verified
"""


def template(name: str) -> str:
    """The text of a new lesson file, with comments; it is sound as it is."""
    return TEMPLATE.format(id=name, title=name.replace("_", " ").capitalize())
