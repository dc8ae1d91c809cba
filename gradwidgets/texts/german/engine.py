"""What the engine says in German, and why each operation has the rule that it has."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    # what tensors and layers are called in a graph; a tensor's name begins with its layer's
    "name.layer": "Schicht {number}",
    "name.output": "Ausgabe",
    "name.loss_layer": "Verlust",
    "name.weight": "Schicht {number} Gewicht",
    "name.bias": "Schicht {number} Bias",
    "name.numbered": "Schicht {number} Parameter {place}",
    "name.parameter": "Parameter {place}",
    "name.input": "Eingabe",
    "name.target": "Zielwert",
    "name.prediction": "Vorhersage",
    "name.logits": "Logits",
    "name.loss": "Verlust",
    # a loss that is no longer finite: when, why, what was done, what to try
    "diverged.loss": "Der Verlust ist nicht mehr endlich: In Schritt {step} wurde er {value}.",
    "diverged.loss.rate": "Der Verlust ist nicht mehr endlich: In Schritt {step} wurde er {value}, "
    "bei Lernrate {rate}.",
    "diverged.weights": "Die Gewichte sind nicht mehr endlich: In Schritt {step} sind sie "
    "übergelaufen.",
    "diverged.weights.rate": "Die Gewichte sind nicht mehr endlich: In Schritt {step} sind sie "
    "übergelaufen, bei Lernrate {rate}.",
    "diverged.data": "Der Verlust über alle Daten ist in Schritt {step} nicht mehr endlich.",
    "diverged.data.rate": "Der Verlust über alle Daten ist in Schritt {step} nicht mehr endlich, "
    "bei Lernrate {rate}.",
    "diverged.gradient": "Die Gewichte sind nicht mehr endlich: Der Gradient von Schritt {step} war es "
    "nicht.",
    "diverged.cause.first": "Er war schon mit den ersten Gewichten nicht endlich: Suche nach nan "
    "oder inf in den Daten, einer Division durch null oder einem Logarithmus von null.",
    "diverged.cause.unknown": "Suche nach einer Division durch null, einem Logarithmus von null "
    "oder zu großen Schritten.",
    "diverged.cause.rate": "Die Schritte sind zu groß: Jeder schießt weiter über das Ziel hinaus "
    "als der davor.",
    "diverged.cause.no_step": "Bis dahin war noch kein Schritt gemacht: Suche nach nan oder inf in "
    "den Daten oder den Gewichten, einer Division durch null oder einem Logarithmus von null.",
    "diverged.cause.likely_rate": "Meistens sind dann die Schritte zu groß: Jeder schießt weiter "
    "über das Ziel hinaus als der davor.",
    "diverged.now": "Der Verlust ist mit den jetzigen Gewichten {value}.",
    "diverged.cause.rate_too": "Die Verluste stiegen schon davor: Vielleicht sind auch die Schritte zu "
    "groß.",
    "diverged.cause.falling": "Die Verluste davor stiegen nicht, also liegt es kaum an der Größe der "
    "Schritte: Suche nach einer Division durch null, einem Logarithmus von null oder nan in den "
    "Daten dieses Schritts.",
    "diverged.cause.optimizer": "Die Gradienten waren endlich, also liegt es am Optimierer: Suche in "
    "seinem Schritt nach einer Division durch null oder einer Zahl, die endlos wächst.",
    "diverged.kept.first": "Das Training wurde angehalten, und die ersten Gewichte sind wieder da.",
    "diverged.kept.step": "Das Training wurde angehalten, und die Gewichte von Schritt {step} sind "
    "wieder da.",
    "diverged.loop_goes_on": "Hier hat das Zeichnen aufgehört; die Schleife selbst läuft weiter.",
    "diverged.try.mend": "Behebe das, dann setze zurück.",
    "diverged.try.model": "Nimm weniger oder kleinere Schichten, oder andere Eingaben.",
    "diverged.try.lower": "Senke die Lernrate, dann drücke auf Start, um von dort weiterzumachen.",
    "diverged.try.rate": "Senke die Lernrate, zum Beispiel auf {rate}, dann mach weiter.",
    "diverged.try.play": "Drücke dann auf Start, um von dort weiterzumachen.",
    "diverged.try.again": "Erzeuge dann die Gewichte neu und starte die Schleife noch einmal.",
    "diverged.try.again.mend": "Behebe das, erzeuge die Gewichte neu und starte die Schleife noch "
    "einmal.",
    "diverged.try.again.lower": "Senke die Lernrate, erzeuge die Gewichte neu und starte die "
    "Schleife noch einmal.",
    "diverged.try.again.rate": "Senke die Lernrate, zum Beispiel auf {rate}, erzeuge die Gewichte "
    "neu und starte die Schleife noch einmal.",
    # with what it began
    "origin.place": "`{call}`",
    "origin.place.layer": "`{call}` in {layer}",
    "origin.division": "Es begann in {place}, mit einer Division durch 0.",
    "origin.division.try": "Halte den Divisor von 0 fern, zum Beispiel mit einem Zuschlag von 1e-9.",
    "origin.zero_power": "Es begann in {place}: 0 hoch eine negative Zahl ist eine Division durch 0.",
    "origin.zero_power.try": "Halte diese Zahl von 0 fern, zum Beispiel mit einem Zuschlag von 1e-9.",
    "origin.root": "Es begann in {place}: Eine negative Zahl, {value}, hat keine Wurzel.",
    "origin.root.try": "Gib nur Zahlen hinein, die nicht negativ sind: Quadriere sie zum Beispiel "
    "vorher.",
    "origin.log_negative": "Es begann in {place}, mit dem Logarithmus einer negativen Zahl, {value}.",
    "origin.log_negative.try": "Gib nur Zahlen über 0 hinein, wie sie Sigmoid, Softmax oder exp "
    "liefern.",
    "origin.log_zero": "Es begann in {place}, mit dem Logarithmus von 0.",
    "origin.log_zero.try": "Halte, was hineingeht, über 0, zum Beispiel mit einem Zuschlag von 1e-9.",
    "origin.exp": "Es begann in {place}: e hoch {value} ist zu groß für eine Zahl.",
    "origin.exp.try": "Halte klein, was hineingeht: Zieh zum Beispiel vorher den größten Eintrag ab.",
    "origin.overflow": "Es begann in {place}: Gebildet aus Zahlen bis {value}, ist es zu groß für "
    "eine Zahl.",
    "origin.overflow.try": "Halte diese Zahlen kleiner: Bring zum Beispiel die Daten auf etwa −1 bis "
    "1, oder beginne mit kleineren Gewichten.",
    "origin.unknown": "Es begann in {place}, obwohl endlich ist, was hineingeht, von {low} bis "
    "{high}.",
    "origin.unknown.try": "Suche dort nach einer Division durch 0, einer Wurzel oder einem "
    "Logarithmus, die es nicht gibt, oder einer Zahl, die zu groß wird.",
    "origin.slope": "Es begann auf dem Rückweg, in {place}: Die Steigung ist dort nicht endlich, für "
    "Zahlen von {low} bis {high}.",
    "origin.slope.try": "Suche dort nach einer Division durch eine Zahl nahe 0 oder nach zu großen "
    "Zahlen.",
    "origin.slope_root": "Es begann auf dem Rückweg, in {place}: Die Steigung einer Wurzel ist bei 0 "
    "unendlich.",
    "origin.slope_root.try": "Halte, was hineingeht, über 0, zum Beispiel mit einem Zuschlag von "
    "1e-9.",
    "origin.data": "Es steht schon in den Daten: Von den {size} Zahlen in `{name}` sind {count} nicht "
    "endlich.",
    "origin.data.try": "Ersetze diese Zahlen, oder lass ihre Beispiele weg.",
    "origin.weights": "Es steht schon in den Gewichten: Von den {size} Zahlen in `{name}` waren "
    "{count} vor diesem Schritt nicht endlich.",
    "origin.weights.try": "Gib den Gewichten endliche Zahlen.",
    "origin.constant": "Es kam von außen in den Graphen: In `{name}`, aus keinem anderen Tensor "
    "gebildet, sind {count} von {size} Zahlen nicht endlich.",
    "origin.constant.try": "Sieh nach, wo dein Code sie bildet: Suche nach einer Division durch 0, "
    "einem Logarithmus von 0 oder nan in den Daten.",
    "origin.nameless": "Es kam von außen in den Graphen: Von den {size} Zahlen eines Tensors ohne "
    "Namen, der aus keinem anderen gebildet ist, sind {count} nicht endlich.",
    "origin.nameless.try": "Sieh nach, wo dein Code ihn bildet: Suche nach einer Division durch 0, "
    "einem Logarithmus von 0 oder nan in den Daten.",
    "origin.hidden": "Wo es begann, lässt sich nicht sagen: Der Verlust sagt nicht, woraus er gebildet "
    "wurde.",
    "origin.hidden.try": "Suche in deinem Code nach einer Division durch 0, einem Logarithmus von 0 "
    "oder nan in den Daten.",
    # what keeps a network from learning
    "diagnosis.a_layer": "Eine Schicht",
    "diagnosis.dead.all": "{layer}: Alle {units} ReLU-Einheiten antworten auf jeden Trainingspunkt "
    "mit 0. Durch eine Einheit, die mit 0 antwortet, kommt kein Gradient, also lernen diese Schicht "
    "und die davor nichts mehr.",
    "diagnosis.dead.some": "{layer}: {dead} von {units} ReLU-Einheiten antworten auf jeden "
    "Trainingspunkt mit 0. Durch sie kommt kein Gradient, also lernen sie nichts mehr, und der "
    "Verlust bleibt stehen.",
    "diagnosis.dead.try": "Versuche stattdessen LeakyReLU oder Tanh, andere Gewichte oder eine "
    "kleinere Lernrate.",
    "diagnosis.vanishing": "Der Verlust steht seit {epochs} Epochen still, und der Gradient "
    "verschwindet auf dem Rückweg: Für die Gewichte von {first} ist er etwa {times}-mal kleiner als "
    "für die von {last}.",
    "diagnosis.vanishing.zero": "Der Verlust steht seit {epochs} Epochen still, und der Gradient "
    "verschwindet auf dem Rückweg: Für die Gewichte von {first} ist er 0.",
    "diagnosis.vanishing.sigmoid": "Die Steigung einer Sigmoidfunktion ist höchstens 1/4, also nimmt "
    "jede Schicht das meiste davon weg.",
    "diagnosis.vanishing.try": "Versuche Tanh oder ReLU in den verdeckten Schichten oder weniger "
    "davon.",
    # why an output activation and a loss do not go together
    "pair.tanh_bce": "Die binäre Kreuzentropie braucht eine Wahrscheinlichkeit zwischen 0 und 1, "
    "aber Tanh liefert Werte zwischen −1 und 1; wähle Sigmoid oder das mittlere Quadrat.",
    "pair.tanh_cross": "Die Kreuzentropie braucht für jede Klasse eine Wahrscheinlichkeit, "
    "zusammen 1, aber Tanh liefert Werte zwischen −1 und 1; wähle Softmax oder das mittlere "
    "Quadrat.",
    "pair.sigmoid_cross": "Die Kreuzentropie braucht für jede Klasse eine Wahrscheinlichkeit, "
    "zusammen 1, aber Sigmoid liefert nur eine einzige; wähle Softmax oder die binäre "
    "Kreuzentropie.",
    "pair.softmax_bce": "Die binäre Kreuzentropie beurteilt eine einzige Wahrscheinlichkeit für Ja "
    "oder Nein, aber Softmax liefert eine für jede Klasse; wähle die Kreuzentropie oder Sigmoid.",
    "pair.linear_bce": "Die binäre Kreuzentropie braucht eine Wahrscheinlichkeit zwischen 0 und 1, "
    "aber eine lineare Ausgabe hat keine Grenzen; wähle Sigmoid oder das mittlere Quadrat.",
    "pair.linear_cross": "Die Kreuzentropie braucht für jede Klasse eine Wahrscheinlichkeit, aber "
    "eine lineare Ausgabe hat keine Grenzen; wähle Softmax oder das mittlere Quadrat.",
    "pair.cross_real": "Die Kreuzentropie vergleicht Wahrscheinlichkeiten von Klassen, aber dieser "
    "Datensatz hat Zahlen als Zielwerte; wähle das mittlere Quadrat.",
    "pair.sigmoid_real": "Die Zielwerte dieses Datensatzes sind auch negativ, aber Sigmoid reicht "
    "nur von 0 bis 1; wähle Linear oder Tanh.",
    "pair.softmax_real": "Softmax verteilt die 1 auf Klassen, aber dieser Datensatz hat Zahlen als "
    "Zielwerte und keine Klassen; wähle Linear.",
    "pair.unknown": "Welche Zielwerte eine Ausgabe mit {output} bei {loss} hat, ist noch nicht "
    "festgelegt; wähle einen anderen Verlust oder ergänze das Paar in der Tabelle in "
    "gradwidgets/engine/experiment/targets.py.",
    "pair.many_classes": "{output} liefert hier eine Ausgabe, die zwei Klassen unterscheidet, aber "
    "dieser Datensatz hat {count}; wähle Softmax.",
    # what NumPy spells as a function, in the formulas of rules
    "formula.entries": "Anzahl der Einträge von {x}",
    "formula.shape": "Form von {x}",
    "formula.one_where": "1, wo {condition}, sonst 0",
    "formula.where": "{yes}, wo {condition}, sonst {no}",
    "formula.piece": "das Stück von {whole}, das zu {mark} gehört",
    "formula.rest": "das Stück von {whole} hinter dem, das zu {mark} gehört",
    "formula.at_places": "{x} an den Stellen {places}",
    "formula.counted": "für jeden Eintrag von {x}: Σ {weights}, wo {places} ihn nennt",
    "formula.reshaped": "{x} in der Form von {owner}",
    "formula.repeated": "{x}, wiederholt bis zur Form von {owner}",
    "formula.number_where": "die Anzahl von {condition}",
    "formula.of.sum": "Σ {x} {over}",
    "formula.of.mean": "Mittelwert von {x} {over}",
    "formula.of.max": "größter Wert von {x} {over}",
    "formula.over.all": "über alle Einträge",
    "formula.over.rows": "über die Zeilen",
    "formula.over.columns": "über die Spalten",
    "formula.over.number": "über Dimension {dim}",
    "formula.over.other": "über {dim}",
    "formula.size.all": "die Anzahl der Einträge von {x}",
    "formula.size.rows": "die Anzahl der Zeilen",
    "formula.size.columns": "die Anzahl der Spalten",
    "formula.size.number": "die Länge von Dimension {dim}",
    "formula.size.other": "die Länge von {dim}",
    "formula.then": "{first}, dann {second}",
    "formula.joined": "{parts}, {along}",
    "formula.along.all": "hintereinander",
    "formula.along.rows": "entlang der Zeilen",
    "formula.along.columns": "entlang der Spalten",
    "formula.along.number": "entlang Dimension {dim}",
    "formula.along.other": "entlang {dim}",
    # why there is no picture of the output
    "no_picture.outputs": "Das Modell gab {found} Ausgaben für {wanted} Punkte; ein Bild braucht "
    "eine für jeden",
    "no_picture.slow": "Das Modell würde nach Tausenden von Punkten gefragt, und das dauert zu lange",
    "no_picture.later": "Schritte dauern so lange, dass das Bild wartet, bis das Training steht",
    "no_picture.failed": "Das Modell ließ sich nicht nach anderen Punkten als seinen Daten fragen: "
    "{error}",
    "no_picture.stopped": "Der Code des Modells wurde angehalten; der nächste Schritt zeichnet es "
    "wieder",
    "no_picture.not_finite": "Die Daten enthalten Zahlen, die nicht endlich sind oder zu groß zum "
    "Zeichnen",
    "no_picture.columns": "Die Daten haben {count} Spalten; ein Bild der Ausgabe kann eine oder "
    "zwei zeigen",
    "no_picture.shapes": "Daten der Form {data} und Zielwerte der Form {targets} lassen sich nicht "
    "zeichnen; ein Bild braucht eine Tabelle mit einer Zeile für jedes Beispiel",
    # why the rules hold
    "reason.tanh": "Die Steigung von tanh ist 1 − y²: am größten bei 0, flach, wo y nahe an −1 "
    "oder 1 kommt.",
    "reason.sigmoid": "Die Steigung der Sigmoid-Funktion ist y × (1 − y): am größten bei y = ½, "
    "flach nahe 0 und 1.",
    "reason.relu": "Wo die Eingabe positiv ist, geht sie unverändert durch, sonst sieht man nichts "
    "von ihr.",
    "reason.leaky_relu": "Positive Eingaben gehen unverändert durch, die anderen mit einer kleinen "
    "Steigung, so stirbt keine.",
    "reason.softmax": "Die Anteile ergeben zusammen eins: Ein Anteil wächst nur so weit, wie sein "
    "g über dem Mittel aller liegt.",
    "reason.log_softmax": "Jeder Eintrag behält sein g und zahlt von dem, was alle bekommen haben, "
    "den Teil seiner Wahrscheinlichkeit.",
    "reason.add": "Was zu einem Summanden dazukommt, kommt zur Summe dazu, also bekommt jeder g "
    "unverändert.",
    "reason.sub": "Die Differenz wächst mit der ersten Zahl und schrumpft genauso schnell mit der "
    "zweiten.",
    "reason.mul": "Jeder Faktor bewegt das Produkt um so viel, wie der andere Faktor groß ist.",
    "reason.weigh": "Jeder Eintrag zählt nach seinem Gewicht; einer mit Gewicht 0 fällt "
    "weg, auch wenn er unendlich ist.",
    "reason.div": "Der Quotient a / b ändert sich mit a um 1 / b, und mit b um -a / b², das ist "
    "-y / b.",
    "reason.neg": "Das Ergebnis bewegt sich gegen seine Eingabe, gleich schnell.",
    "reason.pow": "Die Potenzregel: Der Exponent kommt als Faktor nach vorn und wird um eins "
    "kleiner.",
    "reason.power": "In der Basis gilt die Potenzregel; im Exponenten wächst es wie exp(b · log a) "
    "mit a > 0.",
    "reason.exp": "Die Exponentialfunktion ist ihre eigene Steigung, also ist ihr Wert y der "
    "Faktor.",
    "reason.log": "Der Logarithmus zählt relative Änderungen: Derselbe Schritt wiegt weniger, wo x "
    "groß ist.",
    "reason.mm": "Jeder Eintrag von y ist eine Zeile von a mal eine Spalte von b, also kommt g "
    "durch die jeweils andere Matrix zurück.",
    "reason.bce": "Die Überraschung sinkt, wenn p sich dem Zielwert t nähert, am schnellsten, wo p "
    "sicher und falsch ist.",
    "reason.bce_logits": "Sigmoid und Logarithmus heben sich auf: Übrig bleibt, wie weit die "
    "Wahrscheinlichkeit von t entfernt ist.",
    "reason.sum": "Jeder Summand zählt einmal, also bekommt jeder das g der Summe, in die er "
    "einging.",
    "reason.mean": "Jeder Eintrag hat den gleichen Anteil am Mittelwert, also bekommt er diesen "
    "Anteil von g.",
    "reason.max": "Nur der größte Eintrag entscheidet über das Ergebnis; gleich große teilen sich "
    "g gleichmäßig.",
    "reason.expand": "Jede Kopie ist derselbe Eintrag, also wird zusammengezählt, was alle Kopien "
    "bekommen.",
    "reason.transpose": "Die Einträge tauschen nur die Plätze, also nehmen ihre Gradienten den Weg "
    "zurück.",
    "reason.reshape": "Die Einträge behalten in der neuen Form ihre Reihenfolge, also bekommt der "
    "Gradient wieder die alte Form.",
    "reason.index": "Ein ausgewählter Eintrag bekommt g so oft, wie er ausgewählt wurde, ein "
    "ausgelassener bekommt 0.",
    "reason.concat": "Jeder Teil bekommt das Stück von g, das dort steht, wo der Teil hinkam.",
}
