"""Label volumes in NIfTI: a smooth surface around each label that has the name of a structure."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import find_objects, gaussian_filter
from skimage.measure import block_reduce, marching_cubes

from meshes.importing.names import guess_name, label_schemes
from meshes.importing.read import Floats, Piece, Unreadable
from meshes.passport import SetError

MOST_VOXELS = 1_500_000_000
MOST_LABELS = 400
SMOOTHING = 0.7
"""Width of the smoothing of a mask, in voxels."""
FINEST = 40_000_000
"""Voxels around one label above which it is halved in resolution."""
LEAST_VOXELS = 50

_EMBEDDED = re.compile(r'<Label\b[^>]*\bKey="(\d+)"[^>]*>(?:<!\[CDATA\[)?([^<\]]+)')
_LINE = re.compile(r'^\s*"?(\d+)"?[\s,;:=]+(?:[\d.]+[\s,;]+)*"?([^\s,;"\d][^,;"\t]*?)"?\s*(?:[,;\t ][\d.\s,;]+)?$')


def read_labels(source: str | Path) -> dict[int, str]:
    """Names of labels by number, from a known scheme's name or a file: JSON, CSV, or a table as tools write.

    Raises `SetError` if it is neither or holds no names.
    """
    schemes = label_schemes()
    if str(source) in schemes:
        return {int(number): name for number, name in schemes[str(source)].labels.items()}
    file = Path(source)
    if not file.is_file():
        raise SetError(f"--labels: {source} is neither a file nor a known scheme ({', '.join(schemes)}).")
    try:
        text = file.read_text(encoding="utf-8")[:1_000_000]
    except (OSError, UnicodeDecodeError) as error:
        raise SetError(f"--labels: {source} cannot be read as text.") from error
    found = _json_labels(text) or {
        int(match[1]): match[2].strip() for line in text.splitlines() if (match := _LINE.match(line))
    }
    if not found:
        raise SetError(f"--labels: {source} holds no lines such as: 77, hip_left")
    return found


def _json_labels(text: str) -> dict[int, str]:
    try:
        content = json.loads(text)
    except ValueError:
        return {}
    if isinstance(content, dict) and isinstance(content.get("labels"), dict):
        content = content["labels"]
    found: dict[int, str] = {}
    for key, value in content.items() if isinstance(content, dict) else ():
        if str(key).isdigit() and isinstance(value, str):
            found[int(key)] = value
        elif isinstance(value, int):
            found[value] = str(key)
    return found


def read_volume(path: Path, options: Mapping[str, Any]) -> list[Piece]:
    """A surface for each named label, LPS mm by the file's own orientation. Raises `Unreadable`.

    options : `labels`, names by number; `axes`, where the voxel axes point if the file does not say it
    """
    image = _open(path)
    affine = _affine(image, options.get("axes"))
    data = _labels_of(image)
    numbers = np.flatnonzero(np.bincount(data.reshape(-1)))
    numbers = numbers[numbers > 0]
    if not len(numbers):
        raise Unreadable("is empty: no voxel has a label")
    if len(numbers) > MOST_LABELS:
        raise Unreadable(f"has {len(numbers)} different values: it is a scan, not a volume of labels")
    if len(numbers) == 1 and not options.get("labels"):
        names = {int(numbers[0]): ""}
    else:
        names = {int(k): str(v) for k, v in dict(options.get("labels") or _embedded(image)).items()}
        if not names:
            raise Unreadable(
                f"has {len(numbers)} labels without names. If TotalSegmentator made it: --labels totalsegmentator. "
                "Else write a file with lines such as  77, hip_left  and name it by --labels FILE"
            )
    boxes = find_objects(data)
    pieces = []
    for number in numbers:
        name = names.get(int(number))
        if name is not None and (name == "" or guess_name(name).structure):
            pieces.append(_surface(data, int(number), name, boxes[number - 1], affine))
    if not pieces:
        raise Unreadable("has no label with the name of a structure of the atlas")
    return pieces


def _open(path: Path) -> Any:
    """The image, its voxels still unread."""
    with path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    # The image reads its voxels from the stream later, so that it stays open.
    content: Any = gzip.open(path) if packed else path.open("rb")  # noqa: SIM115
    head = content.read(348)
    content.seek(0)
    kind = nib.Nifti2Image if head[4:8] == b"n+2\0" else nib.Nifti1Image
    if kind is nib.Nifti1Image and head[344:348] != b"n+1\0":
        raise Unreadable("is packed, but holds no NIfTI volume")
    image = kind.from_stream(content)
    shape = image.shape
    if len(shape) > 3 and np.prod(shape[3:]) == 1:
        shape = shape[:3]
    if len(shape) != 3 or min(shape) < 2:
        raise Unreadable(f"is no volume of labels: its shape is {' × '.join(map(str, image.shape))}")
    if np.prod(np.array(shape, float)) > MOST_VOXELS:
        raise Unreadable("has more voxels than can be read; crop it to the pelvis")
    return image


def _affine(image: Any, axes: str | None) -> Floats:
    """(4, 4) from voxels to LPS mm."""
    header = image.header
    zooms = np.array(header.get_zooms()[:3], float)
    if not np.isfinite(zooms).all() or (zooms <= 0).any() or zooms.max() > 50:
        raise Unreadable("has no sensible size of its voxels")
    factor = {"meter": 1000.0, "mm": 1.0, "micron": 0.001}.get(header.get_xyzt_units()[0], 1.0)
    if axes:
        affine = np.eye(4)
        affine[:3, :3] = axes_matrix(axes) * zooms * factor
        return affine
    if int(header["qform_code"]) == 0 and int(header["sform_code"]) == 0:
        raise Unreadable("does not say how it lies in space; say where its voxel axes point, such as --axes RAS")
    affine = np.array(image.affine, float)
    if not np.isfinite(affine).all() or abs(np.linalg.det(affine[:3, :3])) < 1e-9:
        raise Unreadable("is damaged: its orientation makes no sense")
    affine[:3] *= factor
    affine[:2] *= -1.0
    return affine


def axes_matrix(code: str) -> Floats:
    """(3, 3) that turns points whose axes point where three letters say (`RAS`, `LSA`) into LPS."""
    directions = {"L": (0, 1), "R": (0, -1), "P": (1, 1), "A": (1, -1), "S": (2, 1), "I": (2, -1)}
    matrix = np.zeros((3, 3))
    for column, letter in enumerate(code.upper()):
        row, sign = directions[letter]
        matrix[row, column] = sign
    return matrix


def _labels_of(image: Any) -> NDArray[np.int32]:
    """(x, y, z) numbers of labels, not negative. Raises `Unreadable` for a scan."""
    values: NDArray[Any] = np.asanyarray(image.dataobj)
    values = values.reshape(values.shape[:3])
    if values.dtype.kind not in "iufb":
        raise Unreadable("holds colours or vectors, not labels")
    if values.dtype.kind == "f":
        if not np.isfinite(values).all():
            raise Unreadable("holds values that are no numbers")
        if (np.abs(values - np.round(values)) > 1e-3).any():
            raise Unreadable("holds fractions: it is a scan or a map of probabilities, not a volume of labels")
        values = np.round(values)
    if values.min() < 0:
        raise Unreadable("holds negative values: it is a scan, not a volume of labels")
    if values.max() > 65535:
        raise Unreadable("holds values above 65535: it is a scan, not a volume of labels")
    return np.asarray(values, np.int32)


def _embedded(image: Any) -> dict[int, str]:
    """Names of labels that a segmentation tool wrote into the file itself."""
    found: dict[int, str] = {}
    for extension in image.header.extensions:
        content = extension.get_content()
        text = content.decode("utf-8", "replace") if isinstance(content, bytes) else str(content)
        found |= {int(number): name.strip() for number, name in _EMBEDDED.findall(text)}
    return found


def _surface(data: NDArray[np.int32], number: int, name: str, box: tuple[slice, ...], affine: Floats) -> Piece:
    mask = data[box] == number
    notes = []
    if mask.sum() < LEAST_VOXELS:
        raise Unreadable(f"has only {int(mask.sum())} voxels of {name or 'its label'}")
    if any(s.start == 0 or s.stop == size for s, size in zip(box, data.shape, strict=True)):
        notes.append("it is cut off by the edge of the scan, and closed there")
    step, shift = 1.0, np.array([s.start for s in box], float)
    field = mask.astype(np.float32)
    while field.size > FINEST:
        field = block_reduce(field, 2, np.mean).astype(np.float32)
        shift = shift + step / 2
        step *= 2
    field = gaussian_filter(np.pad(field, 3), SMOOTHING)
    if field.max() <= 0.5:
        raise Unreadable(f"is too thin around {name or 'its label'} to make a surface of it")
    vertices, triangles, _, _ = marching_cubes(field, 0.5)
    points = ((vertices - 3) * step + shift) @ affine[:3, :3].T + affine[:3, 3]
    order = [0, 1, 2] if np.linalg.det(affine[:3, :3]) < 0 else [0, 2, 1]
    return Piece(name, points, triangles.astype(np.int64)[:, order], True, notes)
