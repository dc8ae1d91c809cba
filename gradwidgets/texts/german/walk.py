"""The texts of the walk through a backward pass, in German.

What comes in for {node}, {source}, {receiver}, {other}, {a} and {b} may be "das Ergebnis von `mul`"
or "Eingabe ohne Namen", so it must stand in the nominative or the accusative: after "an", "durch"
and "mal", and never after "von" or "mit".
"""

from __future__ import annotations

TEXTS: dict[str, str] = {
    # the walk through a backward pass: what happens in a step
    "walk.name.made": "das Ergebnis von {op}",
    "walk.name.group": "das Ergebnis von {op} ({group})",
    "walk.name.number": "das Ergebnis von {op} Nr. {number}",
    "walk.name.both": "das Ergebnis von {op} Nr. {number} ({group})",
    "walk.name.input": "Eingabe ohne Namen",
    "walk.name.parameter": "Parameter ohne Namen",
    "walk.name.leaf": "{kind} (Nr. {number})",
    "walk.op": "{name} ({symbol})",
    "walk.and": "{first} und {last}",
    "walk.nothing": "Hier gibt es nichts durchzugehen: Durch diesen Graphen kommt kein Gradient.",
    "walk.start.one": "Der Rundgang beginnt am Ende des Graphen. Dort steht {node}. Der Gradient "
    "dort ist 1, denn {node} ändert sich genauso viel wie es selbst.",
    "walk.start.ones": "Der Rundgang beginnt am Ende des Graphen. Dort steht {node}. Jede der "
    "{count} Zahlen hat den Gradienten 1: Wir fragen, wie sich ihre Summe ändert, und jede zählt "
    "einmal.",
    "walk.start.number": "Der Rundgang beginnt am Ende des Graphen. Dort steht {node}, mit dem "
    "Gradienten {value}, der dafür angegeben wurde.",
    "walk.start.given": "Der Rundgang beginnt am Ende des Graphen. Dort steht {node}, mit dem "
    "Gradienten, der dafür angegeben wurde.",
    "walk.pass.one": "{source} hat seinen Gradienten und darf ihn durch {op} an {receiver} "
    "weitergeben: {how}.",
    "walk.pass.both": "{source} hat jetzt beide Gradienten bekommen und darf ihre Summe durch {op} "
    "an {receiver} weitergeben: {how}.",
    "walk.pass.all": "{source} hat jetzt alle {count} Gradienten bekommen und darf ihre Summe "
    "durch {op} an {receiver} weitergeben: {how}.",
    "walk.pass.also": "{source} gibt seinen Gradienten durch dasselbe {op} auch an {receiver} "
    "weiter: {how}.",
    "walk.pass.again": "{receiver} ging zweimal in {op} ein, also gibt {source} seinen Gradienten "
    "noch einmal dorthin weiter: {how}.",
    "walk.received.only": "Dort kommt kein anderer Gradient an.",
    "walk.received.both": "Für {receiver} sind jetzt beide Gradienten da, und sie werden "
    "zusammengezählt.",
    "walk.received.all": "Für {receiver} sind jetzt alle {count} Gradienten da, und sie werden "
    "zusammengezählt.",
    "walk.received.missing.one": "{receiver} hat jetzt {arrived} von {expected} Gradienten und "
    "wartet noch auf einen.",
    "walk.received.missing.many": "{receiver} hat jetzt {arrived} von {expected} Gradienten und "
    "wartet noch auf {missing}.",
    "walk.in.complete": "{arrived} von {expected}: vollständig",
    "walk.in.missing.one": "{arrived} von {expected}: wartet noch auf einen",
    "walk.in.missing.many": "{arrived} von {expected}: wartet noch auf {missing}",
    "walk.end": "Das war der letzte Schritt: Alle Gradienten sind berechnet.",
    "walk.end.without_rule": "Das war der letzte Schritt, den man kennt: Was hinter einer Operation "
    "ohne Regel liegt, bekommt hier keinen Gradienten.",
    "walk.end.at_once": "Es gibt nichts, wohin er weitergegeben werden kann.",
    "walk.how.add": "unverändert, denn die Summe bewegt sich so viel wie jeder ihrer Summanden",
    "walk.how.sub": "unverändert, denn die Differenz bewegt sich so viel wie {receiver}",
    "walk.how.subtracted": "drehe sein Vorzeichen um, denn die Differenz schrumpft, wenn "
    "{receiver} wächst",
    "walk.how.negate": "drehe sein Vorzeichen um",
    "walk.how.times": "nimm ihn mal {other}",
    "walk.how.divide": "teile ihn durch {other}",
    "walk.how.divisor": "nimm ihn mal −{y} ÷ {x}",
    "walk.how.divide_own": "teile ihn durch {receiver}",
    "walk.how.pow": "nimm ihn mal {argument} × {x}{lowered}",
    "walk.how.exp": "nimm ihn mal den Wert des Ergebnisses selbst, denn exp ist seine eigene "
    "Steigung",
    "walk.how.mm_left": "nimm ihn von rechts mal {other} (transponiert)",
    "walk.how.mm_right": "nimm ihn von links mal {other} (transponiert)",
    "walk.how.tanh": "nimm ihn mal 1 − {y}²",
    "walk.how.sigmoid": "nimm ihn mal {y} × (1 − {y})",
    "walk.how.relu": "lass ihn durch, wo {receiver} positiv ist, und setze sonst 0",
    "walk.how.leaky_relu": "lass ihn durch, wo {receiver} positiv ist, und nimm ihn sonst mal "
    "{argument}",
    "walk.how.sum": "gib ihn unverändert an jede der {count} Zahlen, die zusammengezählt wurden",
    "walk.how.mean": "teile ihn durch {count}, denn jede der {count} Zahlen hat den gleichen "
    "Anteil",
    "walk.how.max": "gib ihn nur an die größte Zahl, und 0 an die anderen",
    "walk.how.expand": "zähle zusammen, was die {copies} Kopien bekommen haben",
    "walk.how.transpose": "tausche Zeilen und Spalten zurück",
    "walk.how.reshape": "bringe seine Zahlen zurück in die alte Form",
    "walk.how.index": "gib ihn an die ausgewählten Einträge, und 0 an die anderen",
    "walk.how.concat": "nimm das Stück, das dort steht, wo {receiver} hinkam",
    "walk.how.bce_logits": "nimm ihn mal sigmoid({receiver}) − {other}: So weit ist die "
    "Wahrscheinlichkeit vom Zielwert entfernt",
    "walk.how.rule": "die Regel dafür ist {rule}",
    "walk.how.unknown": "dafür ist keine Regel bekannt",
    "walk.how.summed": "{how}, und zähle zusammen, denn {receiver} wurde {count}-mal wiederholt",
    "walk.where": ", dabei gilt: {letters}",
    "walk.letter": "{letter} ist {node}",
    "walk.letter.g": "dieser Gradient",
    "walk.forward": "Vorwärtsdurchlauf: {node} wird berechnet. Die Operation {op} {does}.",
    "walk.along.rows": "über die Zeilen",
    "walk.along.columns": "über die Spalten",
    "walk.along.other": "entlang Dimension {dim}",
    "walk.does.add": "zählt {a} und {b} Zahl für Zahl zusammen",
    "walk.does.sub": "rechnet Zahl für Zahl {a} minus {b}",
    "walk.does.mul": "rechnet Zahl für Zahl {a} mal {b}",
    "walk.does.weigh": "rechnet Zahl für Zahl {a} mal das Gewicht {b}; Gewicht 0 lässt "
    "eine Zahl weg",
    "walk.does.div": "teilt Zahl für Zahl {a} durch {b}",
    "walk.does.neg": "dreht das Vorzeichen um: minus {a}",
    "walk.does.pow": "rechnet {a} hoch {argument}",
    "walk.does.power": "rechnet {a} hoch {b}",
    "walk.does.exp": "rechnet e hoch {a}",
    "walk.does.log": "nimmt den Logarithmus: log {a}",
    "walk.does.mm": "multipliziert {a} und {b} als Matrizen: jede Zeile der ersten mal jede Spalte "
    "der zweiten",
    "walk.does.tanh": "drückt {a} Zahl für Zahl zwischen −1 und 1",
    "walk.does.sigmoid": "drückt {a} Zahl für Zahl zwischen 0 und 1",
    "walk.does.relu": "lässt {a} stehen, wo es positiv ist, und setzt sonst 0",
    "walk.does.leaky_relu": "lässt {a} stehen, wo es positiv ist, und nimmt den Rest mal "
    "{argument}",
    "walk.does.softmax": "macht {a} zu Anteilen, die zusammen 1 ergeben{along}",
    "walk.does.log_softmax": "macht {a} zu Logarithmen von Anteilen, die zusammen 1 ergeben{along}",
    "walk.does.sum": "zählt {a} zusammen{along}",
    "walk.does.mean": "mittelt {a}{along}",
    "walk.does.max": "sucht die größte Zahl{along}: max {a}",
    "walk.does.expand": "kopiert {a} {count}-mal",
    "walk.does.transpose": "vertauscht Zeilen und Spalten: {a} wird transponiert",
    "walk.does.reshape": "bringt {a} in eine andere Form",
    "walk.does.index": "wählt Einträge aus: {a} liefert sie",
    "walk.does.concat": "stellt {a} und {b} nebeneinander",
    "walk.does.bce": "misst die Überraschung, wenn {a} eine Wahrscheinlichkeit ist und {b} der "
    "Zielwert",
    "walk.does.bce_logits": "misst die Überraschung über sigmoid({a}), wenn {b} der Zielwert ist",
    "walk.does.unknown": "Vorwärtsdurchlauf: {node} entstand durch {op}, wofür keine Regel bekannt "
    "ist, aus Folgendem: {inputs}. Der Wert wird genommen, wie er ist.",
    "walk.call": "{source} ruft backward() auf für {receiver}.",
    "walk.call.early": "{source} ruft backward() zu früh auf für {receiver}: Bisher sind erst "
    "{arrived} von {expected} eigenen Gradienten da.",
    "walk.call.again": "{source} ruft backward() noch einmal auf für {receiver}, mit allem, was da "
    "ist; was vorher weitergegeben wurde, zählt also doppelt.",
    "walk.call.first": "Es beginnt mit einem Aufruf von backward() für {receiver}.",
    "walk.call.nothing": "{receiver} behält keinen Gradienten.",
    "walk.call.kept": "grad war dort leer und ist jetzt das, was weitergegeben wurde.",
    "walk.call.added": "Was weitergegeben wurde, wird dort zu grad dazugezählt.",
    "walk.call.replaced": "Was weitergegeben wurde, ersetzt dort grad: Es wird nicht dazugezählt.",
    "walk.call.unchanged": "grad bleibt dort, wie es war.",
    "walk.call.other": "grad ist dort jetzt etwas anderes als das, was weitergegeben wurde.",
    "walk.error": "Hier blieb der Code stehen, im Aufruf von backward() für {node}: {error}",
    # the walk: the sheet beside the picture, and the controls
    "walk.sheet": "Der Schritt in Zahlen",
    "walk.sheet.start": "Wo der Rundgang beginnt",
    "walk.sheet.gradient_of": "Gradient für {node}",
    "walk.sheet.meaning": "So liest du einen Gradienten: 0.5 bei einer Zahl heißt, {result} wächst "
    "halb so viel, wie diese Zahl wächst, solange das wenig ist.",
    "walk.sheet.direction": "Von hier geht es rückwärts den Pfeilen nach. Ein Tensor gibt seinen "
    "Gradienten weiter, sobald er alle bekommen hat, die zu ihm kommen.",
    "walk.sheet.arriving": "Gradienten für {node}",
    "walk.sheet.came": "✓ Schritt {step}: {source} schickte durch {op}: {numbers}",
    "walk.sheet.comes": "● jetzt: {source} schickt durch {op}: {numbers}",
    "walk.sheet.missing": "○ Schritt {step}: {source} schickt noch etwas durch {op}",
    "walk.sheet.rule": "Die Regel von {op}",
    "walk.sheet.g": "der Gradient für {node}",
    "walk.sheet.value": "der Wert: {node}",
    "walk.sheet.added_up": "zusammengezählt",
    "walk.sheet.result": "weitergegeben",
    "walk.sheet.before": "bisher",
    "walk.sheet.this": "dieser",
    "walk.sheet.sum": "Summe",
    "walk.sheet.sum_of": "Summe bisher für {node}",
    "walk.sheet.parameter": "{node} ist ein Parameter und aus nichts entstanden, darum geht dieser "
    "Gradient nicht weiter. Ein Optimierer bewegt den Parameter gegen den Gradienten, damit das "
    "Ergebnis kleiner wird.",
    "walk.sheet.leaf": "{node} ist aus nichts entstanden, darum geht dieser Gradient nicht weiter. "
    "Wenn ein Optimierer {node} unter seinen Parametern hat, bewegt er die Zahlen gegen den "
    "Gradienten, damit das Ergebnis kleiner wird.",
    "walk.sheet.no_gradient": "{source} entstand auch aus etwas, das keinen Gradienten bekommt: "
    "{node}.",
    "walk.sheet.computed": "So wird {node} berechnet",
    "walk.sheet.call": "Aufruf {number}: backward() für {node}",
    "walk.sheet.caller": "aufgerufen in",
    "walk.sheet.call_no": "Aufruf {number}",
    "walk.sheet.depth": "Tiefe",
    "walk.sheet.counter": "Summe von {name}",
    "walk.sheet.should_be": "was die Regel ergibt",
    "walk.sheet.grad_of": "Was das mit grad macht: {node}",
    "walk.sheet.grad_before": "grad vorher",
    "walk.sheet.handed": "übergeben",
    "walk.sheet.grad_after": "grad nachher",
    "walk.sheet.stopped": "Hier blieb der Code stehen",
    "walk.controls": "Schritte des Rundgangs",
    "walk.sentence": "Was in diesem Schritt geschieht",
    "walk.button.first": "Erster Schritt",
    "walk.button.previous": "Voriger Schritt",
    "walk.button.play": "Rundgang abspielen",
    "walk.button.pause": "Rundgang anhalten",
    "walk.button.next": "Nächster Schritt",
    "walk.button.last": "Letzter Schritt",
    "walk.hint.first": "Erster Schritt (Pos1)",
    "walk.hint.previous": "Voriger Schritt (←)",
    "walk.hint.play": "Von selbst weitergehen (Leertaste)",
    "walk.hint.pause": "Bei diesem Schritt bleiben (Leertaste)",
    "walk.hint.next": "Nächster Schritt (→)",
    "walk.hint.last": "Letzter Schritt (Ende)",
    "walk.remark.calls": "Hier geht es schief: {verdict}",
    "walk.warning.calls": "Noch ist nichts falsch, aber: {verdict}",
    "walk.warning.rules": "Die Schritte sind die der Regeln. {verdict}",
    "walk.remark.rules": "Die Schritte sind die der Regeln; bei dieser Klasse kam etwas anderes "
    "heraus. {verdict}",
    "walk.slider": "Schritt des Rundgangs",
    "walk.of": "von {count}",
    "walk.parts": "Teil des Rundgangs",
    "walk.part": "{name}: {first}–{last}",
    "walk.part.forward": "Vorwärts, {name}: {first}–{last}",
    "walk.part.none": "Schritte",
    "walk.pace": "Tempo des Rundgangs",
    "walk.pace.slow": "ein Schritt in 5 s",
    "walk.pace.normal": "ein Schritt in 2 s",
    "walk.pace.quick": "ein Schritt in 0.7 s",
    "walk.pace.fast": "10 Schritte pro Sekunde",
    "walk.forward_too": "Auch vorwärts",
    "walk.forward_too.short": "Vorwärts",
    "walk.predict.short": "Schätzen",
    "walk.predict.help": "Verdecken, was jeder Schritt ergibt, bis die Klasse geschätzt hat",
    "walk.predict.pass": "Schätze erst: Welcher Gradient wird an {node} weitergegeben?",
    "walk.predict.forward": "Schätze erst: Welchen Wert bekommt {node}?",
    "walk.button.reveal": "Aufdecken",
    "walk.hint.reveal": "Aufdecken, was dieser Schritt ergibt (→)",
    "walk.no_loop": "Abspielen braucht ein laufendes Notebook. Rufe hier next() auf: Das macht "
    "einen Schritt.",
}
