"""Films: as many frames, as fast and as large as asked, one whole turn without a seam, and credits in the file."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageSequence

from annotations.catalogue import catalogue
from meshes.build import BuiltAtlas
from tests.small import build_small
from viewer.camera import Pose, project, with_view
from viewer.errors import ViewerError
from viewer.figure import Subject, draw
from viewer.scene import Scene
from viewer.turntable import Film, frames, planned, save, turned, turntable

SIZE = (160, 140)
EYE = Pose(np.array([0.0, 1000.0, 20.0]), np.array([0.0, 20.0, 20.0]), np.array([0.0, 0.0, 1.0]), 24.0)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> BuiltAtlas:
    return build_small(tmp_path_factory.mktemp("film") / "atlas")


@pytest.fixture(scope="module")
def subject(built: BuiltAtlas) -> Subject:
    return Subject(built.atlas(), built.document, catalogue())


@pytest.fixture(scope="module")
def scene(subject: Subject) -> Scene:
    return with_view(Scene(atlas="spheres", labels="all"), "posterior", subject.catalogue)


@pytest.fixture(scope="module")
def pictures(subject: Subject, scene: Scene) -> list[NDArray[np.float64]]:
    """Eight frames of a turn."""
    film = planned(".mp4", SIZE, seconds=1.0, fps=8)
    return [np.asarray(frame, dtype=float) for frame in frames(film, subject, scene)]


def psnr(one: NDArray[Any], two: NDArray[Any]) -> float:
    """Likeness of two pictures, dB: above 30 an eye hardly sees a difference."""
    error = float(((one.astype(float) - two.astype(float)) ** 2).mean())
    return float("inf") if error == 0 else 10 * np.log10(255**2 / error)


def test_the_first_frame_is_the_figure(pictures: list[NDArray[np.float64]], subject: Subject, scene: Scene) -> None:
    plain = scene.model_copy(update={"labels": "none"})
    assert np.array_equal(pictures[0], np.asarray(draw(subject, plain, SIZE)))


def test_it_turns_once_without_a_seam(pictures: list[NDArray[np.float64]]) -> None:
    """From the last frame to the first the picture changes as much as between any others, and no frame comes twice."""
    steps = [np.abs(a - b).mean() for a, b in zip(pictures, [*pictures[1:], pictures[0]], strict=True)]
    assert min(steps) > 1.0
    assert steps[-1] < 1.5 * np.median(steps)
    body = [(np.ptp(picture, axis=-1) > 40).mean() for picture in pictures]
    assert min(body) > 0.02, "the body stays in sight"


def test_half_a_turn_shows_the_other_side(pictures: list[NDArray[np.float64]]) -> None:
    """The muscles lie behind: half a turn on, bones are in front of them."""
    red = [((p[..., 0] > 1.8 * p[..., 1]) & (p[..., 0] > 60)).mean() for p in pictures]
    assert red[0] > 2 * red[4]


def test_the_body_turns_about_its_own_axis() -> None:
    """A point on the axis stays where it is in the picture; what is behind the body comes to the front."""
    axis = np.array([10.0, 30.0, 0.0])
    for angle in np.linspace(0, 2 * np.pi, 7):
        eye = turned(EYE, axis, float(angle))
        for height in (-80.0, 0.0, 120.0):
            point = (10.0, 30.0, height)
            assert project(eye, point, 1.2) == pytest.approx(project(EYE, point, 1.2))
    whole = turned(EYE, axis, 2 * np.pi)
    assert whole.position == pytest.approx(EYE.position)
    assert project(turned(EYE, axis, 0.3), (10.0, 130.0, 0.0), 1.0)[0] > project(EYE, (10.0, 130.0, 0.0), 1.0)[0]


def test_mp4(built: BuiltAtlas, subject: Subject, scene: Scene, tmp_path: Path) -> None:
    out = tmp_path / "turn.mp4"
    told: list[float] = []
    film = turntable(
        scene, out, size=SIZE, seconds=0.5, fps=12, built=built, progress=lambda done, text: told.append(done)
    )
    assert film == Film(".mp4", SIZE, 6, 12)
    reader = imageio_ffmpeg.read_frames(str(out))
    about: Any = next(reader)
    seen = [np.frombuffer(data, dtype=np.uint8).reshape(SIZE[1], SIZE[0], 3) for data in reader]
    assert (about["size"], about["fps"], about["codec"], len(seen)) == (SIZE, 12, "h264", 6)
    assert about["pix_fmt"].startswith("yuv420p"), "what every player can show"
    plain = scene.model_copy(update={"labels": "none"})
    assert psnr(seen[0], np.asarray(draw(subject, plain, SIZE))) > 30
    assert seen[0][5, 60:90].min() >= 250, "paper stays white"
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)
    assert [entry.name for entry in tmp_path.iterdir()] == ["turn.mp4"]
    shown = subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-i", str(out), "-f", "ffmetadata", "-"], capture_output=True, check=True
    ).stdout.decode()
    assert "A body of spheres" in shown
    assert "CC0-1.0" in shown


def test_gif(subject: Subject, scene: Scene, tmp_path: Path) -> None:
    out = tmp_path / "turn.gif"
    film = planned(".gif", SIZE, seconds=0.5)
    save(film, out, subject, scene, credits_line=False)
    with Image.open(out) as picture:
        assert picture.info["loop"] == 0, "without end"
        assert b"CC0-1.0" in picture.info["comment"]
        assert picture.info["duration"] == 80
        seen = [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(picture)]
    assert (len(seen), seen[0].shape) == (film.frames, (SIZE[1], SIZE[0], 3))
    assert (seen[0][5, 60:90] == 255).all(), "paper is not speckled"
    first = next(iter(frames(film, subject, scene, credits_line=False)))
    assert psnr(seen[0], np.asarray(first)) > 28


@pytest.mark.parametrize(
    ("form", "size", "seconds", "fps", "said"),
    [
        (".mp4", (161, 140), 1.0, None, "even"),
        (".mp4", (160, 10), 1.0, None, "16 to 2160"),
        (".mp4", (4000, 3000), 1.0, None, "16 to 2160"),
        (".mp4", SIZE, 1.0, 500.0, "1 to 60"),
        (".mp4", SIZE, 0.01, None, "2 to 3000"),
        (".mp4", SIZE, 1000.0, None, "2 to 3000"),
        (".gif", (1600, 1400), 20.0, None, "MP4"),
    ],
)
def test_what_cannot_be_a_film_is_said_before_the_work(
    form: str, size: tuple[int, int], seconds: float, fps: float | None, said: str
) -> None:
    with pytest.raises(ViewerError, match=said):
        planned(form, size, seconds, fps)


def test_a_wrong_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ViewerError, match="MP4 or GIF"):
        turntable(Scene(), tmp_path / "turn.avi")


def test_nothing_is_left_of_a_film_that_failed(
    subject: Subject, scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "turn.mp4"
    out.write_bytes(b"the film before")

    def fail(*_: Any) -> None:
        raise RuntimeError("the power is gone")

    monkeypatch.setattr("viewer.turntable.letter", fail)
    with pytest.raises(RuntimeError):
        save(replace(planned(".mp4", SIZE, 0.5), frames=3), out, subject, scene)
    assert out.read_bytes() == b"the film before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["turn.mp4"]
