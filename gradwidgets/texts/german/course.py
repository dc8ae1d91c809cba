"""The texts around the course in German: the board, and the panel of an exercise."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    # how far an exercise has got
    "outcome.not_attempted": "noch nicht versucht",
    "outcome.not_yet": "noch nicht richtig",
    "outcome.right": "richtig",
    "outcome.not_checked": "nicht prüfbar",
    # the panel of an exercise
    "exercise.title": "Aufgabe {number}: {title}",
    "exercise.check": "Prüfen",
    "exercise.checking": "Wird geprüft …",
    "exercise.hint": "Tipp (noch {left})",
    "exercise.solution": "Lösung",
    "exercise.solution.asked": "Zeigen: Das verrät die Antwort",
    "exercise.solution.shown": "So kann man es machen:",
    "exercise.selected": "Ausgewählt: `{name}`",
    "exercise.label.prediction": "Deine Vorhersage",
    "exercise.label.answer": "Deine Antwort",
    "exercise.label.find": "Klicke unten im Graphen auf einen Tensor, dann drücke Prüfen.",
    "exercise.hint.last": "Tipp {number} (der letzte): {hint}",
    "exercise.hint.one": "Tipp {number} (noch einer): {hint}",
    "exercise.hint.many": "Tipp {number} (noch {left}): {hint}",
    "exercise.hint.none": "Hier gibt es keinen Tipp.",
    "exercise.give": "Gib deine Antwort: `{call}.check(deine Antwort)`.",
    "exercise.sure": "Das verrät die Antwort. Rufe `{call}.solution()` noch einmal auf, um sie zu "
    "sehen, oder `{call}.hint()` für einen Tipp.",
    "exercise.no_name": "Es gibt noch kein `{name}`: Schreibe es und führe seine Zelle aus.",
    "exercise.is_none": "`{name}` ist `None`: Schreibe deine Antwort hinein.",
    "exercise.failed": "Die Prüfung selbst ist fehlgeschlagen: {error}.",
    "exercise.unlimited": "(Hier lässt sich dein Code nicht von außen anhalten: Wenn eine Prüfung "
    "nicht zu Ende kommt, starte den Kernel neu.)",
    "exercise.line": "Deine Zeile",
    "exercise.tried": "Probiert",
    "exercise.got": "Bekommen",
    "exercise.expected": "Erwartet",
    # what changes from one class to the next
    "difference": "Was sich von {before} zu {after} ändert",
    "difference.signs": "+ neu, − weg",
    "difference.same.one": "1 Zeile gleich",
    "difference.same.many": "{count} Zeilen gleich",
    # the board
    "board": "Dein Fortschritt",
    "board.course": "Der Kurs",
    "board.bar": "Aufgaben, die richtig sind",
    "board.total": "{done} von {count} richtig",
    "board.count": "{done} von {count}",
    "board.export": "Exportieren",
    "board.import": "Importieren …",
    "board.afresh": "Neu anfangen …",
    "board.question": "Den Kurs neu anfangen? Nichts wird mehr abgehakt sein; deine Datei bleibt "
    "unter einem anderen Namen erhalten.",
    "board.yes": "Ja, neu anfangen",
    "board.no": "Nein, behalten",
    "board.forgets": "Dieser Rechner gehört zu Binder: Er vergisst alles, wenn du gehst. Drücke "
    "vorher Exportieren, und Importieren, wenn du wiederkommst.",
    "board.exported": "Exportiert als {file}: Sieh bei den Downloads deines Browsers nach.",
    "board.imported": "Importiert: Die Datei hat {told}; {further}.",
    "board.told.one": "1 Aufgabe",
    "board.told.many": "{count} Aufgaben",
    "board.further.none": "keine war weiter als das, was hier gespeichert war",
    "board.further.one": "1 war weiter als das, was hier gespeichert war",
    "board.further.many": "{count} waren weiter als das, was hier gespeichert war",
    "board.refused": "{why} Nichts hat sich geändert.",
    "board.refused.long": "Das ist keine Fortschrittsdatei von gradwidgets: Sie ist viel zu lang.",
    "board.refused.unreadable": "Das ist keine Fortschrittsdatei von gradwidgets: Sie ist nicht "
    "lesbar.",
    "board.started": "Neu angefangen. Es gab noch nichts.",
    "board.started.aside": "Neu angefangen. Was du hattest, liegt jetzt in {file}; Importieren holt "
    "es zurück.",
    "board.no_lessons": "Hier gibt es keine Lektionen.",
    "board.done": "Alles ist richtig: Der Kurs ist geschafft.",
    "board.begin": "Noch nichts gemacht: Fang an mit {number} {title}",
    "board.next": "Als Nächstes: {key} {title}",
    "board.place": "Gespeichert in {file}, nur auf diesem Rechner.",
    "board.aside": "Daneben beiseitegelegt: {files}.",
    "board.strangers": "Die Datei nennt auch {keys}, hier nicht zu sehen.",
    "board.some": "{names} und noch {left}",
    "board.tries.one": "1 Versuch",
    "board.tries.many": "{count} Versuche",
}
