"""The texts around the course in English: the board, and the panel of an exercise.

What the course itself says (statements, hints, what a check has found) stands in the lessons, in
English alone.
"""

from __future__ import annotations

TEXTS: dict[str, str] = {
    # how far an exercise has got
    "outcome.not_attempted": "not attempted yet",
    "outcome.not_yet": "not yet right",
    "outcome.right": "right",
    "outcome.not_checked": "could not be checked",
    # the panel of an exercise
    "exercise.title": "Exercise {number}: {title}",
    "exercise.check": "Check",
    "exercise.checking": "Checking …",
    "exercise.hint": "Hint ({left} left)",
    "exercise.solution": "Solution",
    "exercise.solution.asked": "Show it: it gives the answer away",
    "exercise.solution.shown": "One way to do it:",
    "exercise.selected": "Selected: `{name}`",
    "exercise.label.prediction": "Your prediction",
    "exercise.label.answer": "Your answer",
    "exercise.label.find": "Click a tensor in the graph below, then press Check.",
    "exercise.hint.last": "Hint {number} (the last one): {hint}",
    "exercise.hint.one": "Hint {number} (one more): {hint}",
    "exercise.hint.many": "Hint {number} ({left} more): {hint}",
    "exercise.hint.none": "There is no hint here.",
    "exercise.give": "Give your answer: `{call}.check(your answer)`.",
    "exercise.sure": "This gives the answer away. Call `{call}.solution()` once more to see it, or "
    "`{call}.hint()` for a hint.",
    "exercise.no_name": "There is no `{name}` yet: write it, and run its cell.",
    "exercise.is_none": "`{name}` is `None`: put your answer there.",
    "exercise.failed": "The check itself has failed: {error}.",
    "exercise.unlimited": "(Here your code cannot be stopped from outside: if a check does not "
    "come to an end, restart the kernel.)",
    "exercise.line": "Your line",
    "exercise.tried": "Tried",
    "exercise.got": "Got",
    "exercise.expected": "Expected",
    # what changes from one class to the next
    "difference": "What changes from {before} to {after}",
    "difference.signs": "+ new, − gone",
    "difference.same.one": "1 line the same",
    "difference.same.many": "{count} lines the same",
    # the board
    "board": "Your progress",
    "board.course": "The course",
    "board.bar": "Exercises that are right",
    "board.total": "{done} of {count} right",
    "board.count": "{done} of {count}",
    "board.export": "Export",
    "board.import": "Import …",
    "board.afresh": "Start afresh …",
    "board.question": "Start the course afresh? Nothing will be ticked; your file is kept under "
    "another name.",
    "board.yes": "Yes, start afresh",
    "board.no": "No, keep it",
    "board.forgets": "This machine is Binder's: it forgets everything when you leave. Press Export "
    "before you go, and Import when you come back.",
    "board.exported": "Exported as {file}: look among your browser's downloads.",
    "board.imported": "Imported: the file has {told}; {further}.",
    "board.told.one": "1 exercise",
    "board.told.many": "{count} exercises",
    "board.further.none": "none was further than what was kept here",
    "board.further.one": "1 was further than what was kept here",
    "board.further.many": "{count} were further than what was kept here",
    "board.refused": "{why} Nothing has changed.",
    "board.refused.long": "This is no progress file of gradwidgets: it is far too long.",
    "board.refused.unreadable": "This is no progress file of gradwidgets: it cannot be read.",
    "board.started": "Started afresh. There was nothing yet.",
    "board.started.aside": "Started afresh. What you had is kept as {file}; Import takes it back.",
    "board.no_lessons": "There are no lessons here.",
    "board.done": "All of it is right: the course is done.",
    "board.begin": "Nothing yet: begin with {number} {title}",
    "board.next": "Next: {key} {title}",
    "board.place": "Kept in {file}, on this machine alone.",
    "board.aside": "Set aside beside it: {files}.",
    "board.strangers": "It also tells of {keys}, not shown here.",
    "board.some": "{names} and {left} more",
    "board.tries.one": "1 try",
    "board.tries.many": "{count} tries",
}
