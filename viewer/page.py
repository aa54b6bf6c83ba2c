"""The HTML pages (of the Panel app, of a single file, of a site) and the rules that their browsers have to keep to."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from viewer.icons import sign_svg

# Panel asks for its modules through a polyfill of `import`, which would fetch, rewrite and re-import each of them.
# Every browser of today can import by itself, so the page names the browser's own import instead.
IMPORT = "window.importShim = Object.assign((url) => import(new URL(url, document.baseURI)), { addImportMap() {} });"

TEMPLATE = """{% from macros import embed %}<!DOCTYPE html>
<html lang="en" data-run="{{ run }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="description" content="An interactive 3D atlas of the pelvis and the deep gluteal region.">
<title>{{ title | e }}</title>
<link rel="icon" href="{{ favicon }}">
<link rel="modulepreload" href="{{ script }}">
<link rel="modulepreload" href="{{ start_script }}">
{% for address in preloads -%}
<link rel="preload" as="fetch" crossorigin="anonymous" href="{{ address }}">
{% endfor -%}
<style>
html, body { margin: 0; height: 100%; overflow: hidden; background: #f4f2ee; }
@media (prefers-color-scheme: dark) { html, body { background: #16181c; } }
#ischia-page { position: fixed; inset: 0; }
#ischia-roots { position: absolute; width: 0; height: 0; overflow: hidden; visibility: hidden; }
noscript { display: block; padding: 2em; font: 16px/1.5 system-ui, sans-serif; }
</style>
<script>{{ import_script }}</script>
<script type="module">
import viewer from "./{{ script }}";
import { start } from "./{{ start_script }}";
const values = JSON.parse(document.getElementById("ischia-values").textContent);
start(document.getElementById("ischia-page"), values, viewer);
</script>
</head>
<body>
<noscript>This atlas is drawn by your browser: please allow JavaScript for this page.</noscript>
<main id="ischia-page"></main>
<div id="ischia-roots" aria-hidden="true">
{% for doc in docs %}{% for root in doc.roots %}{{ embed(root) }}{% endfor %}{% endfor %}
</div>
<script type="application/json" id="ischia-values">{{ values }}</script>
<template id="ischia-python" data-scripts="{{ scripts | join(' ') }}">{{ plot_script }}</template>
</body>
</html>
"""

STYLE = """
html, body { margin: 0; height: 100%; overflow: hidden; background: #f4f2ee; color: #23211d; }
@media (prefers-color-scheme: dark) { html, body { background: #16181c; color: #e8e4dc; } }
#ischia-page { position: fixed; inset: 0; }
noscript, .problem { display: block; max-width: 46em; padding: 2em; font: 16px/1.5 system-ui, sans-serif; }
noscript { box-sizing: border-box; max-height: 100%; overflow: auto; }
"""

NOT_SERVED = """
if (location.protocol === "file:") {
  const page = document.getElementById("ischia-page");
  page.className = "problem";
  page.textContent = "This folder is a website: a browser opens it from a web server, not from a disk. To look at it " +
    "here, run `python -m http.server` in the folder and open http://localhost:8000/. For one file that opens from a " +
    "disk, use: ischia export";
}
"""
"""Said where a site's page is opened as a file: its modules would not load, and the page would stay empty."""

STANDING_ALONE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<!--
{comment}
-->
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="{generator}">
<meta name="description" content="{description}">
<title>{title}</title>
{links}
<style>{style}</style>
</head>
<body>
<noscript><h1>{title}</h1><p>{description}</p>
<p>This atlas is drawn by your browser: please allow JavaScript for this page.</p>{credits}</noscript>
<main id="ischia-page"></main>
{body}
</body>
</html>
"""
"""A page without a server of ours; `str.format` fills it, so what is filled in must be HTML already."""

SCRIPTS = (
    "static/js/bokeh.min.js",
    "static/js/bokeh-widgets.min.js",
    "static/js/bokeh-tables.min.js",  # the script of Panel does not load without it, though nothing here has tables
    "static/extensions/panel/panel.min.js",
)
"""What Bokeh and Panel need in the browser for one component; both packages bring the files with them."""


def favicon() -> str:
    """The icon as a data address, so that no request is made for it."""
    return "data:image/svg+xml," + quote(sign_svg())


def embedded(values: dict[str, Any]) -> str:
    """JSON that may stand inside a script element, whatever its texts are."""
    return json.dumps(values, ensure_ascii=False).replace("<", "\\u003c")


def policy(html: str) -> str:
    """Content-Security-Policy for a page: only this server, and of the scripts in the page only those it was sent with.

    Panel renders its components by a small module from a `blob:` address, hence that word; styles are set by script
    in the components' shadow roots, hence `unsafe-inline` for styles alone. Nothing is evaluated from text;
    `wasm-unsafe-eval` is for the decoder of compressed geometry.
    """
    hashes = " ".join(_source(script) for script in inline_scripts(html))
    rules = {
        "default-src": "'none'",
        "script-src": f"'self' blob: 'wasm-unsafe-eval' {hashes}".rstrip(),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self' data: blob:",
        "worker-src": "'self' blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'self'",
    }
    return _rules(rules)


def strict_policy(scripts: Iterable[str], styles: Iterable[str], more: Mapping[str, str]) -> str:
    """Content-Security-Policy for a page that stands alone: inline scripts and styles by their hashes, nothing else.

    more : what the page needs besides, by directive; nothing is allowed where nothing is named

    `wasm-unsafe-eval` is for the decoder of compressed geometry.
    """
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(["'wasm-unsafe-eval'", *(_source(script) for script in scripts)]),
        "style-src": " ".join(_source(style) for style in styles),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    for name, value in more.items():
        rules[name] = f"{value} {rules[name]}" if name in rules else value
    return _rules(rules)


def _rules(rules: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _source(text: str) -> str:
    return f"'sha256-{_digest(text)}'"


def inline_scripts(html: str) -> list[str]:
    """The text of every script that the page carries itself and the browser would run."""
    found = re.findall(r"<script([^>]*)>(.*?)</script>", html, flags=re.DOTALL | re.IGNORECASE)
    data = ("application/json", "text/plain")
    return [text for tag, text in found if "src=" not in tag and not any(kind in tag for kind in data)]


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
