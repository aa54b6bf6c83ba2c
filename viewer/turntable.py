"""A film of a whole turn about the body's long axis, as MP4 or GIF; its end runs into its beginning."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from viewer.camera import Pose, pose, project
from viewer.drawing import Stage, Subject
from viewer.errors import ViewerError
from viewer.figure import ROOMY, about, check_size, check_suffix, credit_line, subject_of
from viewer.files import write_whole
from viewer.lettering import Label, Note, letter
from viewer.palette import theme

if TYPE_CHECKING:
    from meshes.build import BuiltAtlas
    from viewer.scene import Scene

FORMS = (".mp4", ".gif")
SIZE = (960, 840)
SECONDS = 8.0
FPS: Final = {".mp4": 25.0, ".gif": 12.5}
"""Pictures a second, where none are asked for. A GIF counts in hundredths of a second."""
LARGEST = 2160
"""Pixels of a side, as in the largest films that players are made for."""
MOST_FRAMES = 3000
MOST_GIF_PIXELS = 150_000_000
"""Of all frames together: beyond it a GIF fills the memory, and no page should carry it."""
SHADES = 256
NEAR_PAPER = 6
"""Shades, 0 to 255, by which a colour of a GIF may differ from the background and become it, or that is speckled."""
SAMPLED = 12
"""Frames that a GIF's colours are chosen from."""

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Film:
    """What a film is: its file's form, size in pixels, number of frames and frames a second."""

    form: str
    size: tuple[int, int]
    frames: int
    fps: float

    @property
    def seconds(self) -> float:
        """How long a turn takes."""
        return self.frames / self.fps


def turntable(
    scene: Scene,
    out: Path,
    *,
    size: tuple[int, int] = SIZE,
    seconds: float = SECONDS,
    fps: float | None = None,
    built: BuiltAtlas | None = None,
    credits_line: bool = True,
    progress: Progress | None = None,
) -> Film:
    """Write a film of a scene that turns once, from where the scene looks at it; returns what was written.

    size : width and height, pixels
    fps : frames a second, 25 in an MP4 and 12.5 in a GIF where not given
    built : the body; that of the scene, built if it must be, where none is given

    Raises ViewerError for what cannot be a film, and where nothing can be drawn; then nothing is written.
    """
    from annotations.catalogue import catalogue

    check_suffix(out, FORMS, "films")
    film = planned(out.suffix.lower(), size, seconds, fps)
    tell = progress or (lambda done, text: None)
    texts = catalogue(scene.language)
    subject = subject_of(scene, built, texts, lambda done, text: tell(0.1 * done, text))
    save(film, out, subject, scene, credits_line=credits_line, progress=lambda done, text: tell(0.1 + 0.9 * done, text))
    return film


def planned(form: str, size: tuple[int, int], seconds: float = SECONDS, fps: float | None = None) -> Film:
    """The film that was asked for. Raises ViewerError, with what is allowed, if there can be none."""
    check_size(size, LARGEST)
    rate = FPS[form] if fps is None else fps
    if not 1.0 <= rate <= 60.0:
        raise ViewerError(f"--fps: {rate:g} frames a second cannot be played everywhere; choose 1 to 60.")
    if form == ".gif":
        rate = 100.0 / max(2, round(100.0 / rate))
    frames = round(seconds * rate)
    if not 2 <= frames <= MOST_FRAMES:
        raise ViewerError(f"--seconds: {seconds:g} s at {rate:g} frames a second are {frames}; allowed are 2 to 3000.")
    if form == ".mp4" and (size[0] % 2 or size[1] % 2):
        raise ViewerError(f"--size: an MP4 has even sides, and one of {size[0]} × {size[1]} is odd.")
    if form == ".gif" and frames * size[0] * size[1] > MOST_GIF_PIXELS:
        raise ViewerError(
            f"--size: {frames} frames of {size[0]} × {size[1]} pixels are too many for a GIF. "
            "Make it smaller or shorter, or write an MP4, which is a tenth of its size."
        )
    return Film(form, size, frames, rate)


def save(
    film: Film,
    out: Path,
    subject: Subject,
    scene: Scene,
    *,
    credits_line: bool = True,
    progress: Progress | None = None,
) -> None:
    """Draw a film and write it, whole or not at all."""
    tell = progress or (lambda done, text: None)
    pictures = frames(film, subject, scene, credits_line=credits_line, progress=tell)
    encoded = _mp4(film, pictures, subject) if film.form == ".mp4" else _gif(film, list(pictures), subject)
    write_whole(out, encoded)


def frames(
    film: Film, subject: Subject, scene: Scene, *, credits_line: bool = True, progress: Progress | None = None
) -> Iterator[Image.Image]:
    """The pictures of a turn, the first as the scene has it. Names stay away: they would leap about."""
    tell = progress or (lambda done, text: None)
    aspect = film.size[0] / film.size[1]
    start = pose(scene.camera, subject.catalogue, subject.document.landmarks, aspect)
    colours = theme(scene.theme)
    with Stage(subject, scene, film.size, start) as stage:
        # A camera that was placed by hand looks at something; a named view shows the body.
        axis = start.target if scene.camera.view is None else stage.middle()
        credits_text = credit_line(subject, stage.seen, short=film.size[0] < ROOMY) if credits_line else ""
        marked = stage.point.on_muscle if stage.point is not None else None
        for number in range(film.frames):
            tell(number / film.frames, "Drawing")
            eye = turned(start, axis, 2 * np.pi * number / film.frames)
            crosses = [project(eye, marked, aspect)] if marked is not None else []
            note = Note(eye, list[Label](), credits_text, colours, crosses)
            yield letter(Image.fromarray(stage.picture(eye)), note)
    tell(1.0, "Writing")


def turned(eye: Pose, axis: Sequence[float] | NDArray[np.float64], angle: float) -> Pose:
    """The pose after the body, not the eye, has turned by `angle` radians about the upright line through `axis`.

    The near side moves to the right of the picture first.
    """
    cos, sin = np.cos(-angle), np.sin(-angle)
    turn = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
    middle = np.array([axis[0], axis[1], 0.0])
    return replace(
        eye,
        position=turn @ (eye.position - middle) + middle,
        target=turn @ (eye.target - middle) + middle,
        up=turn @ eye.up,
    )


def _mp4(film: Film, pictures: Iterator[Image.Image], subject: Subject) -> bytes:
    """H.264 that every player knows, with credits among its metadata."""
    try:
        from imageio_ffmpeg import write_frames
    except ImportError as error:
        raise ViewerError(
            "MP4 needs the encoder FFmpeg: pip install 'ischia[films]'. Or write a GIF, which needs nothing."
        ) from error
    told = about(subject)
    fields = {
        "title": told["Title"],
        "artist": told["Author"],
        "copyright": told["Copyright"].replace("\n", "; "),
        "comment": f"{told['Source']}\n{told['Software']}",
    }
    metadata = [word for key, text in fields.items() for word in ("-metadata", f"{key}={text}")]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "film.mp4"
        writer = write_frames(
            str(file),
            film.size,
            fps=film.fps,
            codec="libx264",
            pix_fmt_in="rgb24",
            pix_fmt_out="yuv420p",
            quality=None,
            macro_block_size=2,
            ffmpeg_timeout=0,
            output_params=[*("-crf", "17", "-preset", "medium"), *_COLOUR, "-movflags", "+faststart", *metadata],
        )
        writer.send(None)
        try:
            for picture in pictures:
                writer.send(np.ascontiguousarray(np.asarray(picture.convert("RGB"))))
        finally:
            writer.close()
        return file.read_bytes()


_COLOUR = (
    *("-vf", "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int"),
    *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "iec61966-2-1", "-color_range", "tv"),
)
"""Said in full, or players guess, and the body is paler in one than in the other."""


def _gif(film: Film, pictures: list[Image.Image], subject: Subject) -> bytes:
    """A GIF without end, whose frames share the colours that serve all of them best."""
    chosen = pictures[:: max(1, len(pictures) // SAMPLED)]
    width, height = film.size
    sheet = Image.new("RGB", (width, height * len(chosen)))
    for row, picture in enumerate(chosen):
        sheet.paste(picture, (0, row * height))
    palette = sheet.quantize(SHADES - 1, method=Image.Quantize.MEDIANCUT, kmeans=1)
    paper = np.asarray(pictures[0].getpixel((0, 0)))
    shades = np.array(palette.getpalette()).reshape(-1, 3)
    shades[np.abs(shades - paper).max(axis=1) <= NEAR_PAPER] = paper
    shades[-1] = paper
    palette.putpalette(shades.ravel().tolist())
    drawn = [picture.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG) for picture in pictures]
    told = about(subject)
    comment = "\n".join((told["Title"], told["Author"], told["Copyright"], told["Software"]))
    data = io.BytesIO()
    drawn[0].save(
        data,
        format="GIF",
        save_all=True,
        append_images=drawn[1:],
        duration=round(1000 / film.fps),
        loop=0,
        comment=comment.encode(),
        optimize=False,
    )
    return data.getvalue()
