"""The experiments to begin with in German: a title and a sentence for the class."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "preset.circle": "Kreis: eine verborgene Schicht biegt die Grenze",
    "preset.circle.sentence": "Vier Neuronen reichen, um eine Grenze um die Scheibe zu schließen. "
    "Mit zweien bleibt sie offen.",
    "preset.circle-squares": "Kreis: mit den richtigen Eingaben ohne verborgene Schicht",
    "preset.circle-squares.sentence": "Mit den Quadraten seiner Koordinaten gefüttert, zeichnet "
    "eine einzige Schicht den Kreis.",
    "preset.clouds": "Zwei Wolken: eine gerade Linie genügt",
    "preset.clouds.sentence": "Ein Neuron ohne verborgene Schicht trennt die Wolken: Seine Grenze "
    "ist eine gerade Linie.",
    "preset.xor": "Entweder-oder: zwei Schichten",
    "preset.xor.sentence": "Keine gerade Linie trennt diese Viertel. Zwei kleine verborgene "
    "Schichten schaffen es.",
    "preset.spiral": "Spirale: die schwerste von allen",
    "preset.spiral.sentence": "Verschlungene Arme brauchen mehr Neuronen, mehr Schichten und "
    "hilfreiche Eingaben. Gib dem Netz 200 Epochen.",
    "preset.sine": "Sinus: eine Kurve statt Klassen",
    "preset.sine.sentence": "Das Ziel ist eine Zahl, keine Klasse: Acht Tanh-Neuronen biegen sich "
    "zu einem Sinus.",
    "preset.table": "Vier Zeilen: klein genug zum Nachrechnen",
    "preset.table.sentence": "Vier Beispiele, drei verborgene Neuronen: Jede Zahl im Graphen lässt "
    "sich auf Papier nachprüfen.",
    "preset.line-on-xor": "Was schiefgeht: eine gerade Linie für XOR",
    "preset.line-on-xor.sentence": "Ohne verborgene Schicht bleibt der Verlust, wo er war, egal wie "
    "lange du trainierst.",
    "preset.too-small": "Was schiefgeht: zu wenige Neuronen",
    "preset.too-small.sentence": "Zwei Neuronen können keine Grenze schließen: Der Verlust bleibt "
    "hängen. Nimm ein Neuron dazu, und es geht weiter.",
    "preset.too-fast": "Was schiefgeht: Die Lernrate ist zu hoch",
    "preset.too-fast.sentence": "Jeder Schritt schießt weiter über das Ziel hinaus als der davor, "
    "bis der Verlust keine Zahl mehr ist.",
    "preset.too-slow": "Was schiefgeht: Die Lernrate ist zu niedrig",
    "preset.too-slow.sentence": "Es lernt, aber so lange kann niemand warten. Ziehe die Lernrate "
    "hoch, während es läuft.",
    "preset.vanishing": "Was schiefgeht: Gradienten verschwinden",
    "preset.vanishing.sentence": "Durch fünf Schichten Sigmoid erreicht kaum ein Gradient die "
    "erste: Sieh dir die Gradienten ihrer Gewichte an. Stelle die Schichten auf Tanh um.",
    "preset.dead": "Was schiefgeht: tote Neuronen",
    "preset.dead.sentence": "Ganze Schichten ReLU ergeben für jeden Punkt null, also kommt kein "
    "Gradient zurück und die Kurve bleibt flach. Stelle die Schichten auf LeakyReLU um.",
    "preset.overfitting": "Was schiefgeht: auswendig gelernt",
    "preset.overfitting.sentence": "Wenige verrauschte Punkte und ein großes Netz: Der "
    "Trainingsverlust fällt, während der Testverlust steigt.",
}
