"""The texts of the interface in German: the playground, the pictures and the inspector.

Learners are addressed as "du". Tensors come into a sentence by names such as "das Ergebnis von
`mul`", so a sentence is built to have them in the nominative or accusative, which look the same.
"""

from __future__ import annotations

GERMAN: dict[str, str] = {
    # panels, as screen readers name them
    "panel.buttons": "Training",
    "panel.settings": "Einstellungen während des Trainings",
    "panel.graph": "Einstellungen des Graphen",
    "panel.loss": "Einstellungen der Verlustkurve",
    "panel.output": "Einstellungen der Ausgabe",
    "panel.message": "Meldung",
    "panel.note": "Was gefunden wurde",
    # the bar
    "play": "Start",
    "pause": "Pause",
    "step": "Schritt",
    "reset": "Zurücksetzen",
    "new_weights": "Neue Gewichte",
    "play.help": "Trainieren, bis du Pause drückst",
    "pause.help": "Nach diesem Schritt anhalten",
    "step.help": "Einen Trainingsschritt machen",
    "reset.help": "Zurück zu den ersten Gewichten: Derselbe Lauf kommt noch einmal; Rückgängig "
    "bringt diesen zurück",
    "new_weights.help": "Mit anderen Zufallsgewichten beginnen (ändert nur den Startwert)",
    "walk_step": "Durchgehen",
    "walk_step.help": "Bei Pause: durch den Rückwärtsdurchlauf dieses Schritts gehen, ein Gradient "
    "nach dem anderen",
    "no_step_to_walk": "Es gibt noch keinen Schritt zum Durchgehen: Drücke Pause und mache zuerst "
    "einen Schritt.",
    "back_to_training": "Zurück zum Training",
    "back_to_training.help": "Den Rundgang beenden und wieder Graph, Verlust und Ausgabe zeigen",
    "learning_rate": "Lernrate",
    "learning_rate.value": "Wert der Lernrate",
    "speed": "Tempo",
    "speed.slow": "1 Schritt pro Sekunde",
    "speed.walk": "5 Schritte pro Sekunde",
    "speed.epoch": "1 Epoche pro Bild",
    "speed.fast": "so schnell wie möglich",
    "status": "Epoche {epoch} · Schritt {step} · Verlust Training {train} · Verlust Test {test}",
    "status.slow": "jeder Schritt dauert {seconds}\u00a0s",
    # data and model
    "data_heading": "Daten",
    "data": "Datensatz",
    "noise": "Rauschen",
    "train_share": "Anteil Training",
    "inputs": "Eingaben",
    "input": "Eingabe {name}",
    "model_heading": "Modell",
    "model_size": "{inputs} → {parameters}",
    "input_count.one": "1 Eingabe",
    "input_count.many": "{count} Eingaben",
    "parameter_count": "{count} Parameter",
    "layer": "Schicht {number}",
    "units": "Schicht {number}: Neuronen",
    "activation": "Schicht {number}: Aktivierung",
    "add_layer": "Schicht dazu",
    "add_layer.limit": "Noch eine wie die letzte; höchstens {count} verborgene Schichten",
    "remove_layer": "Schicht {number} entfernen",
    "no_layer": "Es gibt keine Schicht {number}; verborgene Schichten zurzeit: {count}.",
    "move_up": "Schicht {number} nach oben",
    "move_down": "Schicht {number} nach unten",
    "output_activation": "Aktivierung am Ausgang",
    "loss": "Verlust",
    "loss_is_summed": "Dieser Verlust zählt die Beispiele eines Batches zusammen; die Zeile oben "
    "nennt den Mittelwert über alle.",
    "optimizer": "Optimierer",
    "batch_size": "Batch-Größe",
    "weight_seed": "Startwert",
    "activation.none": "Linear (keine)",
    "fixed_data": "Diese vier Zeilen haben kein Rauschen und keine Testdaten",
    "last_input": "Das Netz braucht mindestens eine Eingabe",
    "no_input": "Der Datensatz {title} hat nur eine Variable",
    "loss_follows": "Die Verlustfunktion ist jetzt {loss}, sie passt zu {output}.",
    "rate_follows": "Die Lernrate ist jetzt {rate:g}, das passt zu diesen Daten.",
    "own_model": "Das ist dein eigenes Modell: {name}, mit {parameters} in {tensors}. Schichten, "
    "Verlust und Optimierer stehen in deinem Code; hier trainierst du es und schaust zu.",
    "own_model.failed": "Das Modell ließ sich mit den Daten nicht ausführen: {error}",
    "own_line": "{error}, in Zeile {number} deines Codes: {line}",
    "own_model.no_recipe": "Ein Playground mit eigenen Objekten passt in keine Zeile Text: Gib den "
    "Code weiter, der sie erzeugt.",
    "own_model.no_spec": "Dieser Spielplatz trainiert deine eigenen Objekte; öffne für eine Spec "
    "einen anderen: Playground(spec).",
    "tensor_count.one": "1 Tensor",
    "tensor_count.many": "{count} Tensoren",
    # pictures
    "graph": "Rechengraph",
    "graph_detail": "Genauigkeit des Graphen",
    "detail.layers": "Schichten",
    "detail.auto": "Automatisch",
    "detail.operations": "Operationen",
    "detail.values": "Zahlen",
    "graph.of_step": "Schritt {step}, Batch mit {samples}, vor der Änderung",
    "graph.of_failed": "Schritt {step}, der scheiterte; Verlust und Ausgabe: behaltene Gewichte",
    "graph.of_forward": "vorwärts mit dem nächsten Batch ({samples}); drücke Schritt",
    "graph.empty": "Hier erscheint der Graph eines Trainingsschritts.",
    "graph.part.data": "Wert",
    "graph.part.gradient": "Grad",
    "graph.legend": "↓ Min  ø Mittel  ↑ Max",
    "graph.scale": "Werte: volle Farbe ab ±1. Gradienten: logarithmisch, von ±0.0001 bis ±1.",
    "graph.legend.data": "Wert",
    "graph.legend.gradient": "Gradient",
    "graph.fit": "Graph einpassen",
    "graph.zoom_in": "Vergrößern",
    "graph.zoom_in.help": "Vergrößern ({key} + Mausrad, nach einem Klick in den Graphen auch das "
    "Rad allein)",
    "graph.zoom_out": "Verkleinern",
    "graph.zoom_out.help": "Verkleinern ({key} + Mausrad, nach einem Klick in den Graphen auch das "
    "Rad allein)",
    "graph.key": "Strg",
    "graph.wheel": "{key} + Mausrad vergrößert; nach einem Klick auch das Rad allein",
    "graph.full_screen": "Ganzer Bildschirm",
    "graph.full_screen.leave": "Ganzen Bildschirm verlassen",
    "graph.more": "Mehr",
    "graph.colour.value": "Farbe nach Wert",
    "graph.colour.gradient": "Farbe nach Größe des Gradienten",
    "graph.save.svg": "Als SVG speichern",
    "graph.save.png": "Als PNG speichern",
    "graph.save.dot": "Als DOT speichern",
    "graph.file": "rechengraph",
    "graph.not_saved": "Der Graph lässt sich hier nicht speichern: {reason}",
    "graph.none": "Es gibt noch keinen Graphen; rufe update(tensor) auf.",
    "graph.outline": "Gliederung des Graphen",
    "graph.scale.gradient": "Kästen: Größe ihres Gradienten (quadratisches Mittel), logarithmisch.",
    "graph.scale.small": "10⁻⁶",
    "graph.scale.large": "1",
    "graph.states": "✓ erledigt  ● vollständig  ◐ zum Teil",
    "not_yet": "noch nicht",
    "no_gradient": "keiner",
    "kind.parameter": "Parameter",
    "kind.input": "Eingabe ohne Gradient",
    "kind.intermediate": "Zwischenergebnis",
    "kind.result": "Ergebnis",
    "layer_output": "Ausgabe",
    "no_values": "keine Zahlen",
    "one_number": "1 Zahl",
    "other_shape": "Form {shape}",
    "node.says": "{name}, {kind}, Form {shape}.",
    "node.numbered": "{name} (Nr. {number})",
    "node.made": "Entstanden durch {op} aus {creators}.",
    "layer.says": "{name}. Operationen: {operations}.",
    "graph.says": "{what}: {tensors} und {operations}, von der Eingabe oben bis zum Verlust unten. "
    "Mit Tab gehst du hinein, mit den Pfeiltasten liest du jeden Knoten.",
    "operation_count.one": "1 Operation",
    "operation_count.many": "{count} Operationen",
    "loss_plot": "Verlustkurve",
    "log_axis": "Log-Achse",
    "loss_plot.x": "Epoche",
    "loss_plot.train": "Training",
    "loss_plot.test": "Test",
    "loss_plot.empty": "Es wurde noch kein Verlust gemessen.",
    "loss_plot.course": "Der Verlust ({name}) ging von {first} auf {last} in Epoche {epoch}; am "
    "kleinsten war er mit {least} in Epoche {at}.",
    "loss_plot.course.none": "Der Verlust ({name}) ist nicht bekannt.",
    "watch.status": "Schritt {step} · Verlust {loss}",
    "watch.x": "Schritt",
    "watch.loss": "Verlust",
    "watch.course": "Der Verlust ging von {first} in Schritt {start} auf {last} in Schritt {end}; "
    "am kleinsten war er mit {least} in Schritt {at}.",
    "watch.sum": "Jeder Verlust enthält {count} Zahlen, Form {shape}; gezeichnet wird ihre Summe.",
    "watch.of_step": "Schritt {step}, so wie die Schleife ihren Verlust weitergab",
    "watch.of_end": "Schritt {step}, am Ende der Schleife",
    "watch.none": "Es gab keinen Schritt: Die Schleife war vor ihrem ersten Verlust zu Ende.",
    "watch.no_loss": "Schritt {step} gab keinen Verlust weiter, sondern: {found}. Darum wird hier "
    "nicht weitergezeichnet. Schreibe in der Schleife: yield loss, wobei loss ein Tensor oder eine "
    "Zahl ist.",
    "watch.tuple": "Schritt {step} gab keinen Verlust weiter, sondern: {found}. Darum wird hier "
    "nicht weitergezeichnet. Gib nur den Verlust weiter: yield loss.",
    "watch.enumerate": "Schritt {step} gab keinen Verlust weiter, sondern: {found}. Darum wird hier "
    "nicht weitergezeichnet. Zähle außen: for step, loss in enumerate(watch(losses)).",
    "watch.trouble": "In Schritt {step} hat das Zeichnen aufgehört: {error}. Die Schleife selbst "
    "läuft weiter.",
    "watch.not_steps": "watch: bekommen: {found}; erwartet werden die Schritte selbst, die den "
    "Verlust jedes Schritts weitergeben. {advice}",
    "watch.found.a": "etwas vom Typ {kind}",
    "watch.found.an": "etwas vom Typ {kind}",
    "watch.found.named": "{kind} {name}",
    "watch.found.shown": "{shown} ({found})",
    "watch.write": "Schreibe",
    "watch.one_loss": "Das ist der Verlust eines einzigen Schritts.",
    "watch.no_yield": "Der Aufruf gab zurück: {found}. Es steht kein yield darin.",
    "watch.call_it": "Sie braucht Argumente; rufe sie also selbst auf: watch(steps(…)).",
    "watch.use_async": "watch: {found} ist asynchron; schreibe async for loss in watch(…) statt "
    "for.",
    "output": "Ausgabe",
    "output.map": "Das Netz sagt + (blau) auf {positive} % der Ebene und − (orange) auf "
    "{negative} %.",
    "output.curve": "Die Kurve des Netzes verläuft zwischen {low} und {high}.",
    "output.legend": "● Training ○ Test",
    "output.points": "{train} Trainingspunkte, {test} Testpunkte.",
    # how much of a graph is shown, and what was folded
    "auto.values": "{count} kleine Tensoren: Jede Zahl ist zu sehen.",
    "auto.value": "Ein kleiner Tensor: Jede Zahl ist zu sehen.",
    "auto.operations": "{count} Tensoren: Jeder hat einen Kasten; große sind gekürzt.",
    "fold.group": "{count} Tensoren, nach Schichten zusammengefasst.",
    "fold.repeat": "{count} Tensoren. Was sich wiederholt, ist zusammengefasst: × 12 heißt "
    "zwölfmal dasselbe.",
    "fold.stretch": "{count} Tensoren sind zu viele für je einen Kasten: Sie sind zusammengefasst, "
    "wo sie sich wiederholen, und sonst in der Reihenfolge, in der sie berechnet wurden.",
    "fold.times": "× {count}",
    "fold.tensors": "Tensoren {first}–{last}",
    "fold.more": "und noch {tensors}",
    "fold.says.repeat": "{count}-mal dasselbe: {operations}. Tensoren {first} bis {last}.",
    "fold.says.stretch": "Tensoren {first} bis {last}. Operationen: {operations}.",
    "fold.names": "Darunter: {names}.",
    # a picture that stands for itself, outside a notebook
    "still.parameter": "Parameter",
    "still.input": "ohne Gradient",
    "still.live": "Ein Standbild. Führe diese Zelle in Jupyter mit gradwidgets aus, dann wird der "
    "Graph lebendig: vergrößern, auswählen, durchgehen.",
    "kept.run": "Ein Standbild: Führe diese Zelle aus, um es lebendig zu machen.",
    "kept.walk": "Rundgang durch den Rückwärtsdurchlauf: Schritt {step} von {count}",
    "kept.watch": "Eine Trainingsschleife, beobachtet",
    # the inspector, and sheets of numbers
    "sheet": "Einzelheiten",
    "sheet.close": "Schließen",
    "sheet.part.numbers": "Zahlen 1–{last} von {count}",
    "sheet.part.rows": "Zeilen 1–{last} von {rows}",
    "sheet.part.columns": "Spalten 1–{last} von {columns}",
    "sheet.part.both": "Zeilen 1–{last} von {rows}, Spalten 1–{last} von {columns}",
    "inspector": "Lupe",
    "inspect.shape": "Form",
    "inspect.dtype": "Art der Zahlen",
    "inspect.kind": "Art",
    "inspect.path": "im Modell",
    "inspect.op": "entstanden durch",
    "inspect.layer": "Schicht",
    "inspect.values": "Zahlen",
    "inspect.gradient": "Gradient",
    "inspect.range": "Min, Mittel, Max",
    "inspect.deviation": "Std.-Abweichung",
    "inspect.size": "quadr. Mittel",
    "inspect.zeros": "Nullen",
    "inspect.nan": "keine Zahl (nan)",
    "inspect.infinite": "unendlich",
    "inspect.of": "{part} von {count}",
    "inspect.no_gradient": "Dieser Tensor bekommt keinen Gradienten: Niemand fragt, wie das "
    "Ergebnis von ihm abhängt.",
    "inspect.not_yet": "Noch nicht berechnet. Das ist nicht null: Der Rückwärtsdurchlauf ist hier "
    "noch nicht angekommen.",
    "inspect.no_values": "Dieser Tensor enthält keine Zahlen.",
    "inspect.rule": "Wie er entstand und was er weitergibt",
    "inspect.rule.value": "y = {rule}",
    "inspect.rule.gradient": "{letter} bekommt {rule}",
    "inspect.letters": "y ist dieser Tensor, g sein Gradient, {letters}.",
    "inspect.letter": "{letter} ist {node}",
    "inspect.no_rule": "Zu {op} ist keine Regel bekannt; die Zahlen sind so gezeigt, wie sie sind.",
    "inspect.leaf": "Keine Operation hat ihn gemacht: Hier beginnt der Graph.",
    "inspect.origin": "Woher sein Gradient kommt",
    "inspect.origin.root": "Das ist das Ergebnis, bei dem der Rückwärtsdurchlauf beginnt: Sein "
    "Gradient ist gegeben, nicht weitergereicht.",
    "inspect.origin.none": "Nichts, was einen Gradienten bekommt, benutzt ihn.",
    "inspect.through": "{node}, durch {op}",
    "inspect.origin.one": "{node} schickt {numbers}",
    "inspect.origin.missing": "{node}: noch nicht da",
    "inspect.origin.unknown": "{node}: keine Regel bekannt",
    "inspect.origin.adds_up": "Zusammengezählt ergibt das seinen Gradienten.",
    "inspect.origin.alone": "Das ist sein ganzer Gradient.",
    "inspect.origin.differs": "Zusammengezählt ergibt das {sum}, aber sein Gradient ist {numbers}. "
    "Entweder hat ein anderes backward() etwas dazugezählt, oder es wurde etwas anderes "
    "weitergegeben, als die Regel sagt.",
    "inspect.origin.sum": "sein Gradient",
    "inspect.shares": "Sein Gradient ist dasselbe Array wie bei: {nodes}. Wer das eine ändert, "
    "ändert auch das andere.",
    "inspect.made_of": "Entstanden aus",
    "inspect.used_by": "Benutzt von",
    "inspect.beside": "Im selben Kasten",
    # messages
    "rebuilt": "Neues Modell: {shape}, {parameters}. Das Training beginnt neu mit dem Startwert "
    "{seed}.",
    "new_data": "Neue Daten: {title}. Das Training beginnt neu mit dem Startwert {seed}.",
    "model_follows": "Das Modell ist jetzt {shape} mit den Eingaben {inputs}, trainiert mit "
    "{optimizer} in Batches zu {batch}.",
    "other_points": "Neue Punkte: {noise} % Rauschen, {share} % davon zum Trainieren. Das Training "
    "beginnt neu mit dem Startwert {seed}.",
    "weights": "Neue Gewichte mit dem Startwert {seed}. Mit einem anderen Startwert kommst du zu "
    "früheren Gewichten zurück.",
    "go_on": "Lernrate {rate}. Drücke Start, um mit den letzten guten Gewichten weiterzumachen.",
    "no_loop": "Start braucht ein laufendes Notebook. Rufe hier train(n) auf: Das macht n Schritte "
    "und ist dann fertig.",
    "trouble": "Das Training wurde angehalten: {error} Es steht bei Schritt {step}, und nichts ist "
    "verloren; behebe es und drücke noch einmal Start.",
    "interrupted": "Das Training wurde unterbrochen und steht bei Schritt {step}. Drücke Start, um "
    "weiterzumachen.",
    "interrupted.line": "Das Training wurde in Zeile {number} deines Codes unterbrochen: {line}. Es "
    "steht bei Schritt {step}, und nichts ist verloren; drücke Start, um es noch einmal zu versuchen.",
    "paused.interrupted": "Angehalten durch eine Unterbrechung. Drücke Start, um weiterzumachen.",
    "paused.unwatched": "Angehalten, weil niemand zusah. Drücke Start, um weiterzumachen.",
    "too_large": "Der Verlust ist zu groß für eine Zahl geworden: Die letzten Schritte waren zu "
    "groß. Mit dem nächsten Schritt hält das Training an, und die letzten guten Gewichte kommen "
    "zurück. Senke die Lernrate.",
    "undo": "Rückgängig",
    "undo.help": "Zurück vor die letzte Änderung oder das Zurücksetzen, trainiert wie zuvor (u)",
    "redo": "Wiederholen",
    "redo.help": "Noch einmal tun, was rückgängig gemacht wurde (y)",
    "undone": "Zurück zu {shape} auf {title}, in Schritt {step}.",
    "undone.own": "Zurück zu Schritt {step}.",
    "was_reset": "Zurück bei den ersten Gewichten. Rückgängig bringt das Training bis Schritt {step} "
    "zurück.",
    "try_rate": "{rate:g} probieren",
    # the button that downloads the learner's work
    "save_work.button": "Arbeit sichern",
    "save_work.help": "Die Notebooks dieses Ordners und deinen Fortschritt als eine Datei "
    "herunterladen",
    "save_work.saving": "Wird gesichert …",
    "save_work.slow": "Noch keine Antwort. Läuft noch eine Zelle? Die Datei kommt, wenn sie zu "
    "Ende ist. Wenn der Kernel weg ist, führe diese Zelle noch einmal aus.",
    "save_work.size": "{size} MB",
    "save_work.saved": "Gesichert als {name} ({size}): Sieh bei den Downloads deines Browsers nach. "
    "So holst du es zurück: gradwidgets restore {name}",
    "save_work.trouble": "Deine Arbeit konnte nicht gesichert werden: {error}",
    "no_layout.still": "Der Graph ist nicht gezeichnet: wo dies festgehalten wurde, läuft kein "
    "Programm, das ihn anordnet ({reason}).",
    "kept.too_large": "Zu groß für ein Standbild. {what}",
    "no_layout": "Der Graph lässt sich hier nicht anordnen ({reason}). Unten steht sein DOT-Text; "
    "füge ihn in irgendein Programm ein, das Graphviz versteht.",
    # the button that downloads the learner's work
    "save_work.button": "Meine Arbeit sichern",
    "save_work.help": "Die Notebooks dieses Ordners und deinen Fortschritt als eine Datei "
    "herunterladen",
    "save_work.saving": "Wird gesichert …",
    "save_work.slow": "Noch keine Antwort. Läuft noch eine Zelle? Die Datei kommt, wenn sie fertig "
    "ist. Läuft der Kernel nicht mehr, dann führe diese Zelle noch einmal aus.",
    "save_work.size": "{size} MB",
    "save_work.saved": "Gesichert als {name} ({size}): Sieh bei den Downloads deines Browsers nach. "
    "So bekommst du sie zurück: gradwidgets restore {name}",
    "save_work.trouble": "Deine Arbeit konnte nicht gesichert werden: {error}",
    # what the registries name
    "data.table": "Kleine Tabelle",
    "data.xor": "Entweder-oder",
    "data.circle": "Kreis",
    "data.gauss": "Zwei Wolken",
    "data.spiral": "Spirale",
    "data.sine": "Sinus",
    "loss.MSELoss": "Mittleres Quadrat",
    "loss.BCELoss": "Binäre Kreuzentropie",
    "loss.CrossEntropyLoss": "Kreuzentropie",
}
