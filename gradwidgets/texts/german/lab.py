"""JupyterLab's extension in German."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "lab.category": "Neuronale Netze",
    "lab.playground": "Spielplatz für neuronale Netze",
    "lab.playground.help": "Ein kleines Netz bauen, trainieren und jeden Gradienten sehen",
    "lab.course": "Kurs zur Backpropagation",
    "lab.course.help": "Das Framework selbst schreiben, in {count} Lektionen mit Aufgaben (auf "
    "Englisch)",
    "lab.lesson": "Lektion öffnen…",
    "lab.lesson.help": "Eine Lektion des Kurses zur Backpropagation wählen",
    "lab.lesson.title": "Eine Lektion öffnen",
    "lab.lesson.label": "Lektion",
    "lab.lesson.open": "Öffnen",
    "lab.cancel": "Abbrechen",
    "lab.classroom": "Ansicht für die Klasse",
    "lab.classroom.help": "Das Widget allein zeigen, in großer Schrift; Esc führt zurück",
    "lab.classroom.title": "Nichts für die Ansicht für die Klasse",
    "lab.classroom.none": "Die Ansicht für die Klasse zeigt einen Spielplatz oder einen Gang, "
    "und im vorderen Notebook ist keiner. Öffne den Spielplatz (oder führe die Zelle aus, die das "
    "Widget macht) und versuche es noch einmal.",
    "lab.work": "Meine Arbeit sichern",
    "lab.work.help": "Die Notebooks dieses Ordners und deinen Fortschritt in einer Datei "
    "herunterladen",
    "lab.work.title": "Deine Arbeit konnte nicht gesichert werden",
    "lab.work.no_kernel": "Zum Packen braucht es ein Notebook mit laufendem Kernel, und vorne "
    "ist keines. Öffne eines deiner Notebooks, warte, bis sein Kernel läuft, und versuche es noch "
    "einmal.",
    "lab.work.failed": "Der Kernel antwortete: {message}. Von Hand geht es im Dateibrowser: "
    "Rechtsklick auf die Dateien, dann Herunterladen.",
    "lab.work.incomplete": "Die Datei kam nicht vollständig an. Lösche die Ausgaben großer "
    "Notebooks und versuche es noch einmal, oder lade die Dateien im Dateibrowser mit Rechtsklick "
    "herunter.",
    "lab.open.title": "Das ließ sich nicht öffnen",
    "lab.open.failed": "Das Kopieren in den Ordner „{folder}“ ist gescheitert: {message}. Wähle "
    "im Dateibrowser einen Ordner, in den du schreiben darfst, und versuche es noch einmal.",
    "lab.root": "oberster Ordner",
    "lab.first.changed": "Die erste Zelle wurde nicht ausgeführt, weil sie nicht so ist, wie "
    "sie mit gradwidgets kam. Sieh sie dir an, bevor du sie ausführst.",
    "lab.first.kernel": "Die erste Zelle wurde nicht ausgeführt, weil der Kernel dieses "
    "Notebooks keiner für Python ist. Wähle zuerst einen anderen Kernel.",
    "lab.first.run": "Erste Zelle ausführen",
    "lab.link.title": "Dieser Link lässt sich nicht öffnen",
    "lab.link.what": "Der Link verlangt gradwidgets={received}. Es sollte "
    "gradwidgets=playground, gradwidgets=course oder eine Lektion von gradwidgets=lesson-{first} "
    "bis gradwidgets=lesson-{last} sein. Öffne den Spielplatz oder den Kurs stattdessen vom "
    "Launcher aus.",
    "lab.link.view": "Der Link verlangt view={received}. Es gibt nur view=classroom. Nimm es "
    "aus dem Link heraus, oder wähle „Ansicht für die Klasse“ in der Befehlspalette.",
    "lab.link.recipe": "Das Rezept im Link lautet {received}. Es sollte der Text sein, den "
    "„Link kopieren“ schreibt; er beginnt mit {{ und endet mit }}. Vielleicht ging ein Teil "
    "verloren. Kopiere den Link noch einmal, ganz.",
    "lab.link.recipe_long": "Das Rezept im Link ist {received} Zeichen lang. Es sollte der Text "
    "sein, den „Link kopieren“ schreibt, höchstens {most} Zeichen. Kopiere den Link noch einmal.",
    "lab.link.recipe_newer": "Das Rezept im Link stammt von einem neueren gradwidgets: seine "
    "Version ist {received}, und dieses gradwidgets liest Version {reads}. Aktualisiere "
    "gradwidgets und öffne den Link dann noch einmal.",
    "lab.link.recipe_twice": "Das Rezept im Link nennt „{field}“ mehrmals. Kopiere den Link "
    "noch einmal, ganz.",
    "lab.link.recipe_field": "Das Rezept im Link sagt „{field}“, was dieses gradwidgets nicht "
    "kennt. Es kennt in „{where}“: {known}. Wenn der Link von einem neueren gradwidgets stammt, "
    "aktualisiere dieses; sonst kopiere den Link noch einmal, ganz.",
    "lab.link.recipe_choice": "Im Rezept im Link lautet „{field}“ {received}. Es sollte eines "
    "von diesen sein: {choices}. Kopiere den Link noch einmal, ganz.",
    "lab.link.recipe_whole": "Im Rezept im Link lautet „{field}“ {received}. Es sollte eine "
    "ganze Zahl von {least} bis {most} sein. Kopiere den Link noch einmal, ganz.",
    "lab.link.recipe_number": "Im Rezept im Link lautet „{field}“ {received}. Es sollte eine "
    "Zahl von {least} bis {most} sein. Kopiere den Link noch einmal, ganz.",
    "lab.link.recipe_text": "Im Rezept im Link lautet „{field}“ {received}. Es sollte höchstens "
    "{most} Zeichen haben. Kopiere den Link noch einmal, ganz.",
    "lab.link.recipe_shape": "Im Rezept im Link lautet „{field}“ {received}, und daraus lässt "
    "sich kein Spielplatz machen. Kopiere den Link noch einmal, ganz.",
    "lab.link.recipe_together": "Im Rezept im Link passt dies nicht zusammen: {received}. "
    "Kopiere den Link noch einmal, ganz.",
    "lab.link.recipe_elsewhere": "Der Link hat ein Rezept und verlangt gradwidgets={received}. "
    "Ein Rezept ist für den Spielplatz: schreibe gradwidgets=playground, oder nimm das Rezept "
    "heraus.",
}
