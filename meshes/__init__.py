"""Where geometry comes from: population bones, the soft-tissue modeller, open mesh sets, cache and GLB files."""
