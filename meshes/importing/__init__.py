"""Takes in a person's own bones and muscles.

`propose.propose` reads a folder and says how it would be understood; `store.store_import` writes that as a set.
"""
