"""The commands of `ischia`, one file each."""
