"""The page on which a set's landmarks are looked at and dragged: what it is given, and what it gives to be kept."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from tornado.web import RequestHandler

from annotations.loading import load
from annotations.statement import Statement
from meshes.passport import SetError
from meshes.set_bones import SetBones
from meshes.set_landmarks import (
    FAR_MM,
    LANDMARKS_FILE,
    Finite,
    Placed,
    distance_mm,
    landmark_bones,
    landmarks_text,
    read_landmarks,
    write_landmarks,
)
from meshes.sets import sets_folder
from meshes.store import StoreError, content_key

if TYPE_CHECKING:
    from meshes.landmark_finder import FoundLandmarks

SHEET = "landmarks.json"
TEXT = "landmarks.yaml"
Point = tuple[Finite, Finite, Finite]
Trust = Literal["good", "fair", "poor", "carried"]
_ORDER = ["hip_bone.right", "hip_bone.left", "sacrum", "femur.right", "femur.left"]
"""Bones as they are gone through."""
_MOST_BYTES = 1_000_000


class PlacedOnPage(BaseModel):
    """A landmark that a person has moved or agreed to."""

    model_config = ConfigDict(extra="forbid")
    point: Point = Field(description="LPS mm in the frame of the atlas that is shown.")
    by: Literal["person", "finder"] = Field(description="person: moved there by hand; finder: left where it was found.")
    checked: bool = Field(description="Whether a person has looked at it and agrees.")


class LandmarkEntry(BaseModel):
    """One landmark of a set."""

    model_config = ConfigDict(extra="forbid")
    id: str = Field(description="Sided id: `asis.right`, `sacral_promontory`.")
    bone: str = Field(description="Sided id of the bone that carries it.")
    found: Point = Field(description="Where the finder has found it, LPS mm in the atlas's frame.")
    trust: Trust = Field(description="How far that may be trusted.")
    carried: Point = Field(description="Where the population's bone carries it.")
    rule: Point | None = Field(description="Where a rule finds it on the mesh alone; null: there is no rule for it.")
    apart: float | None = Field(description="mm between these two; null: there is no rule for it.")
    placed: PlacedOnPage | None = Field(description="What has been kept of it; null: nothing.")
    finding: Statement | None = Field(description="How to find it on the bone.")


class LandmarkSheet(BaseModel):
    """`landmarks.json`: the landmarks of the set whose bones are shown."""

    model_config = ConfigDict(extra="forbid")
    version: Literal[1] = 1
    set: str = Field(description="Name of the set.")
    key: str = Field(description="Changes with the set's bones: what was done on others is not for these.")
    file: str = Field(description="Where they are kept.")
    kept: bool = Field(description="Whether they can be kept there from here.")
    refused: dict[str, str] = Field(description="Bones that gave no landmarks, and why.")
    landmarks: list[LandmarkEntry]


class LandmarkWork(BaseModel):
    """What the page gives back: all landmarks that a person has moved or agreed to, by sided id."""

    model_config = ConfigDict(extra="forbid")
    landmarks: dict[str, PlacedOnPage]


@dataclass(frozen=True)
class LandmarkCheck:
    """A set whose landmarks are being checked: its bones, and what was found on them."""

    bones: SetBones
    found: FoundLandmarks
    address = SHEET
    """Where its page finds it."""

    @property
    def folder(self) -> Path:
        """The set's own folder."""
        return self.bones.folder

    def sheet(self) -> LandmarkSheet:
        """What the page is given, with what is kept by now. Raises `SetError` if the file is faulty."""
        kept = read_landmarks(self.folder, self.bones.passport)
        carriers, entries = landmark_bones(), load().landmarks
        rows = []
        for name, mark in self.found.landmarks.items():
            place = _point(mark.place)
            bone = self.bones.bones.get(carriers.get(name, ""))
            # What lies inside a bone follows from its surface and cannot be dragged along it.
            if bone is None or distance_mm(self.bones.passport, place, bone) > FAR_MM:
                continue
            rows.append(
                LandmarkEntry(
                    id=name,
                    bone=carriers[name],
                    found=self._shown(place),
                    trust=mark.trust,
                    apart=mark.apart,
                    carried=self._shown(_point(mark.carried)),
                    rule=None if mark.rule is None else self._shown(_point(mark.rule)),
                    placed=self._placed(kept[name]) if name in kept else None,
                    finding=entries[name.partition(".")[0]].finding,
                )
            )
        key = content_key(*(part for name in sorted(self.bones.bones) for part in (name, *self.bones.bones[name])))
        return LandmarkSheet(
            set=self.bones.passport.id,
            key=key,
            file=str(self.folder / LANDMARKS_FILE),
            kept=self.folder.resolve().parent == sets_folder().resolve() and os.access(self.folder, os.W_OK),
            refused=self.found.refused,
            landmarks=sorted(rows, key=lambda row: _ORDER.index(row.bone) if row.bone in _ORDER else len(_ORDER)),
        )

    def save(self, work: LandmarkWork) -> None:
        """Keep this in the set's folder. Raises `SetError` for what is no landmark, `StoreError` where it cannot be."""
        write_landmarks(self.folder, self._of(work), self.bones.bones, self.bones.passport)

    def text(self, work: LandmarkWork) -> str:
        """The same as the text of a file. Raises `SetError` for what is no landmark."""
        return landmarks_text(self.bones.passport, self._of(work), self.bones.bones)

    def _of(self, work: LandmarkWork) -> dict[str, Placed]:
        """What is to be kept, in the frame of the set's files; what the page does not show stays as it is kept."""
        shown = set(self.found.landmarks)
        kept = read_landmarks(self.folder, self.bones.passport)
        placed = {name: one for name, one in kept.items() if name not in shown}
        for name, one in work.landmarks.items():
            point = _point(self.bones.to_files(np.array([one.point]))[0])
            mark = self.found.landmarks.get(name)
            confidence = mark.trust if mark and one.by == "finder" else "placed"
            placed[name] = Placed(point=point, by=one.by, confidence=confidence, checked=one.checked)
        return placed

    def _shown(self, point: Point) -> Point:
        return _point(self.bones.to_atlas(np.array([point]))[0])

    def _placed(self, kept: Placed) -> PlacedOnPage:
        return PlacedOnPage(point=self._shown(kept.point), by=kept.by, checked=kept.checked)

    def routes(self) -> list[tuple[str, type[RequestHandler], dict[str, Any]]]:
        """What the page's server answers for this."""
        return [(rf"/({SHEET}|{TEXT})".replace(".", r"\."), LandmarkHandler, {"check": self})]


def _point(place: NDArray[np.float64]) -> Point:
    """Three numbers of an array (3,)."""
    x, y, z = place.tolist()
    return (x, y, z)


class LandmarkHandler(RequestHandler):
    """Gives the landmarks, takes them back to be kept in the set's folder, or makes a file of them."""

    def initialize(self, check: LandmarkCheck) -> None:
        """Remember whose landmarks these are."""
        self._check = check
        self.set_header("Cache-Control", "no-store")

    def get(self, name: str) -> None:
        """Answer with all landmarks as they are kept by now."""
        if name != SHEET:
            self._refuse(405, "This is made of what is sent to it.")
            return
        self._answer()

    def post(self, name: str) -> None:
        """Keep what is sent, or make a file of it; refuse in words what cannot be kept."""
        trouble = self._foreign()
        if trouble:
            self._refuse(403, trouble)
            return
        try:
            work = LandmarkWork.model_validate(json.loads(self.request.body))
        except (ValidationError, ValueError):
            self._refuse(400, "What was sent are no landmarks. Reload the page; what you did is kept on this device.")
            return
        try:
            if name == TEXT:
                self.set_header("Content-Type", "application/yaml; charset=utf-8")
                self.finish(self._check.text(work))
                return
            self._check.save(work)
        except (SetError, StoreError) as error:
            self._refuse(409, str(error))
            return
        self._answer()

    def _answer(self) -> None:
        try:
            sheet = self._check.sheet()
        except SetError as error:
            self._refuse(409, str(error))
            return
        self.set_header("Content-Type", "application/json")
        self.finish(sheet.model_dump_json())

    def _foreign(self) -> str:
        """Why this request is not taken as the page's own; an empty text if it is."""
        headers = self.request.headers
        if len(self.request.body) > _MOST_BYTES:
            return "That is more than landmarks can be."
        if headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
            return "Landmarks are sent as JSON."
        # A page of another origin may send to this one, and name its own origin as it does.
        if urlsplit(headers.get("Origin", "")).netloc != self.request.host:
            return "Only the page of this server may change landmarks."
        return ""

    def _refuse(self, status: int, why: str) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(why)
