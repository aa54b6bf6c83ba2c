"""The budgets of the design, measured: this page beside what PyVista and Panel make of the same scene.

`python -m viewer.bench` (or `make bench`) prints the table.
"""
