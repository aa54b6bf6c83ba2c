"""Every notebook runs from top to bottom and shows what it promises: the viewer, tables, and pictures with something in
them.
"""

from __future__ import annotations

import io
import json
import re
import textwrap
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from PIL import Image

from meshes.more import BuiltPack
from tests.conftest import ROOT

FOLDER = ROOT / "notebooks"
WIDGET = "application/vnd.jupyter.widget-view+json"

EXPECTED = {
    "01_exploring": (3, 2, ["piriformis.right", "MPL-2.0", "That is Sacrum"]),
    "02_attachments": (1, 3, ["Gluteus medius on the femur: published 634", "quadratus femoris"]),
    "03_variants": (1, 2, ["usually silent", "Tomaszewski 2016"]),
    "04_distance_along_the_nerve": (1, 2, ["least distance, nerve to muscle", "touching (within 2 mm)"]),
    "05_trigger_point_maps": (1, 2, ["expert convention", "Numbness between the legs", "nobody yet"]),
    "06_your_own_lesson": (1, 1, ['did you mean "piriformis.right"', "Valid: A doorway for a nerve", "doorway.html"]),
}
"""For each notebook: the least number of viewers and of pictures, and words that its results hold."""


def source(cell: Any) -> str:
    return "".join(cell["source"])


def outputs(notebook: Any) -> Iterator[tuple[int, Any]]:
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            yield number, output


def test_all_notebooks_are_looked_at() -> None:
    assert {path.stem for path in FOLDER.glob("*.ipynb")} == set(EXPECTED)
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(f"({name}.ipynb)" in readme for name in EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_notebook_is_kept_without_results(name: str) -> None:
    """What is built is not committed; and ids of cells stay the same, so that a change can be read."""
    text = (FOLDER / f"{name}.ipynb").read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert not list(outputs(notebook))
    assert all(cell.get("execution_count") is None for cell in notebook.cells)
    assert notebook.metadata.kernelspec.name == "python3"
    assert text == json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n"
    assert source(notebook.cells[0]).startswith(f"# {int(name[:2])} · ")


@pytest.mark.parametrize("name", EXPECTED)
def test_a_notebook_runs_and_shows_its_results(name: str, later_pack: BuiltPack, tmp_path: Path) -> None:
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    resources = {"metadata": {"path": str(tmp_path)}}
    kernel: dict[str, Any] = {"kernel_name": "python3", "resources": resources, "timeout": 240}
    NotebookClient(notebook, **kernel).execute(env=_environment())
    viewers, pictures, words = EXPECTED[name]
    shown = list(outputs(notebook))
    assert not [output for _, output in shown if output.output_type == "error" or output.get("name") == "stderr"]
    assert sum(WIDGET in output.get("data", {}) for _, output in shown) >= viewers
    drawn = [output.data["image/png"] for _, output in shown if "image/png" in output.get("data", {})]
    assert len(drawn) >= pictures
    for data in drawn:
        picture = np.asarray(Image.open(io.BytesIO(b64decode(data))).convert("RGB")).astype(float)
        assert picture.shape[1] >= 300
        assert picture.std() > 12, "not blank"
        assert (np.ptp(picture, axis=-1) > 40).mean() > 0.0015, "something coloured: a muscle, a bar, a curve"
    said = "\n".join(
        "".join(output.get("text", "")) + json.dumps(output.get("data", {}).get("text/html", ""), ensure_ascii=False)
        for _, output in shown
    )
    for word in words:
        assert json.dumps(word, ensure_ascii=False)[1:-1] in said or word in said, word
    assert not list(tmp_path.iterdir()), "nothing is left beside the notebook"


def scripts() -> list[str]:
    """The scripts for newcomers, as the two READMEs print them: indented blocks that begin with the import."""
    found: dict[str, None] = {}
    for readme in (ROOT / "README.md", FOLDER / "README.md"):
        blocks = re.findall(
            r"(?m)^(?: {4}from ischia import Pelvis\n)(?:(?: {4}.*)?\n)*", readme.read_text(encoding="utf-8")
        )
        found |= dict.fromkeys(textwrap.dedent(block).strip() for block in blocks)
    return list(found)


def test_the_newcomers_script_works_word_for_word(later_pack: BuiltPack, tmp_path: Path) -> None:
    """It shows the viewer with type B, and writes a page that holds it."""
    assert scripts()
    for script in scripts():
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(script)])
        resources = {"metadata": {"path": str(tmp_path)}}
        NotebookClient(notebook, kernel_name="python3", resources=resources, timeout=240).execute(env=_environment())
        data = [output.data for _, output in outputs(notebook) if WIDGET in output.get("data", {})]
        assert len(data) == 1
        assert "'right': 'B'" in data[0]["text/plain"]
        (page,) = tmp_path.glob("*.html")
        assert page.stat().st_size > 500_000
        page.unlink()


def _environment() -> dict[str, str]:
    """The kernel finds the packages of this repository, and the atlas that the tests have built."""
    import os

    return {**os.environ, "PYTHONPATH": str(ROOT)}
