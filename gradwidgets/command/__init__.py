"""The command `gradwidgets`: start, course, doctor, restore."""
