/** @file What to beware of in a map, in German. */
import type { SentencePair } from "../../said-sentences.ts";

export const warningSentences: readonly SentencePair[] = [
  [
    "the map holds NaN or infinity: check the input's range and the weights",
    "die Karte enthält NaN oder unendliche Zahlen: prüfe den Bereich der Eingabe und die Gewichte",
  ],
  [
    "the map has one place, {n}: the layer has lost all others. choose an earlier layer",
    "die Karte hat eine Stelle, {n}: Die Schicht hat alle anderen verloren. Wähle eine frühere Schicht",
  ],
  [
    "the map has one place, {n}: there is no other to compare it with",
    "die Karte hat eine Stelle, {n}: Es gibt keine andere zum Vergleichen",
  ],
  [
    "the map is {n} everywhere: no place differs from another",
    "die Karte ist überall {n}: Keine Stelle unterscheidet sich von einer anderen",
  ],
  [
    "the map is {n} everywhere: no place differs from another. try an earlier layer",
    "die Karte ist überall {n}: Keine Stelle unterscheidet sich von einer anderen. Versuche eine frühere Schicht",
  ],
  [
    "all places are within {n} % of each other, which no colour shows: try an earlier layer",
    "alle Stellen liegen um höchstens {n} % auseinander, was keine Farbe zeigt: versuche eine frühere Schicht",
  ],
  [
    "all places are within {n} % of each other, which no colour shows",
    "alle Stellen liegen um höchstens {n} % auseinander, was keine Farbe zeigt",
  ],
  [
    "every place speaks against the class (from {n}), and negative numbers are cut off: try {option}",
    "jede Stelle spricht gegen die Klasse (ab {n}), und negative Zahlen sind abgeschnitten: versuche {option}",
  ],
  [
    "the map is 0 everywhere: nothing here changes the score. try another layer",
    "die Karte ist überall 0: Nichts hier ändert den Wert. Versuche eine andere Schicht",
  ],
  [
    "the map is 0 everywhere: nothing here changes the score",
    "die Karte ist überall 0: Nichts hier ändert den Wert",
  ],
  [
    "places are mixed or turned on the way to layer {layer}: its own are drawn on an even grid, and need not lie there on the picture",
    "auf dem Weg zur Schicht {layer} werden Stellen gemischt oder gedreht: Ihre eigenen sind auf ein gleichmäßiges Gitter gezeichnet und müssen im Bild nicht dort liegen",
  ],
  [
    "places are mixed or turned on the way to layer {layer}: its own are taken to lie on an even grid, and need not lie there on the picture",
    "auf dem Weg zur Schicht {layer} werden Stellen gemischt oder gedreht: Für ihre eigenen ist ein gleichmäßiges Gitter angenommen, sie müssen im Bild nicht dort liegen",
  ],
  [
    "the class's score is {n}: divided by a negative score, places that speak for the class come out negative",
    "der Wert der Klasse ist {n}: Durch eine negative Zahl geteilt werden Stellen, die für die Klasse sprechen, negativ",
  ],
  [
    "the map's sum is off by {n} % of what it explains: try more {steps}, another {baseline}, or none of both",
    "die Summe der Karte liegt um {n} % neben dem, was sie erklärt: versuche mehr {steps}, ein anderes {baseline} oder keins von beiden",
  ],
  [
    "the map's sum is off by {n} % of the difference that it explains: compare places, not amounts, or try another {baseline}",
    "die Summe der Karte liegt um {n} % neben dem Unterschied, den sie erklärt: vergleiche Stellen, nicht Mengen, oder versuche ein anderes {baseline}",
  ],
  [
    "input and biases do not add up to what is explained: they give {n} of {all}, since the network has functions other than ReLU: compare places, not amounts",
    "Eingabe und Verschiebungen (Bias) ergeben zusammen nicht, was erklärt wird, sondern {n} von {all}, weil das Netz andere Funktionen als ReLU hat: vergleiche Stellen, nicht Mengen",
  ],
  [
    "biases took all but {share} of what is explained: {sentence}",
    "Verschiebungen (Bias) haben alles bis auf {share} dessen genommen, was erklärt wird: {sentence}",
  ],
  [
    "the map does not add up to what is explained, but to {n} times it: biases and what the rule leaves out took or gave the rest; {sentence}",
    "die Karte ergibt nicht, was erklärt wird, sondern das {n}-Fache davon: Verschiebungen (Bias) und was die Regel auslässt, haben den Rest genommen oder gegeben; {sentence}",
  ],
  [
    "compare the places of this map, not its numbers with another's, or try {option}",
    "vergleiche die Stellen dieser Karte, nicht ihre Zahlen mit denen einer anderen, oder versuche {option}",
  ],
  [
    "the map's standard error is {share} of its spread, more than the {most} that it may be: what differs little may be chance. try more {option}",
    "der Standardfehler der Karte ist {share} ihrer Streuung, mehr als die erlaubten {most}: Was sich wenig unterscheidet, kann Zufall sein. Versuche mehr {option}",
  ],
  [
    "the map's standard error is unknown of its spread, more than the {most} that it may be: what differs little may be chance. try more {option}",
    "der Standardfehler der Karte ist nicht bekannt, erlaubt sind {most} ihrer Streuung: Was sich wenig unterscheidet, kann Zufall sein. Versuche mehr {option}",
  ],
  [
    "{share} of the places are shown by none of the {count} masks: their numbers are the mean of all scores, and tell nothing. try more {samples}, or a larger share that stays visible ({keep})",
    "{share} der Stellen zeigt keine der {count} Masken: Ihre Zahlen sind das Mittel aller Werte und sagen nichts. Versuche mehr {samples} oder einen größeren Anteil, der sichtbar bleibt ({keep})",
  ],
  [
    "layer {layer} is dead: every unit of it is 0 for this picture, so nothing passes: check the preprocessing and the weights, or try another picture",
    "die Schicht {layer} ist tot: Jede Einheit ist bei diesem Bild 0, darum kommt nichts hindurch: prüfe die Vorbereitung und die Gewichte, oder versuche ein anderes Bild",
  ],
  [
    "layer {layer} is stuck: every unit of it is {n} for this picture, so nothing passes: check the preprocessing and the weights, or try another picture",
    "die Schicht {layer} steckt fest: Jede Einheit ist bei diesem Bild {n}, darum kommt nichts hindurch: prüfe die Vorbereitung und die Gewichte, oder versuche ein anderes Bild",
  ],
  [
    "the network's own numbers are no longer finite at layer {layer}: the input is too large for it (check the preprocessing), or the weights are broken",
    "von der Schicht {layer} an sind die Zahlen des Netzes nicht mehr endlich: Die Eingabe ist zu groß (prüfe die Vorbereitung), oder die Gewichte sind kaputt",
  ],
  [
    "the network's own numbers are no longer finite at layer {layer}: some operator up to it has no result for what it gets, as the logarithm of a negative number has none (check the preprocessing and the network)",
    "von der Schicht {layer} an sind die Zahlen des Netzes nicht mehr endlich: Ein Operator bis dorthin hat für das, was er bekommt, kein Ergebnis, wie der Logarithmus einer negativen Zahl (prüfe die Vorbereitung und das Netz)",
  ],
  [
    "the method's numbers overflow: try a smaller input or another method",
    "die Zahlen des Verfahrens laufen über: versuche eine kleinere Eingabe oder ein anderes Verfahren",
  ],
  [
    "the network's last numbers overflow: try a smaller input or another method",
    "die letzten Zahlen des Netzes laufen über: versuche eine kleinere Eingabe oder ein anderes Verfahren",
  ],
  [
    "what is explained comes out of {value}, a softmax over a single number, which is always {n}, so that nothing changes it: explain what it reads, {option}",
    "was erklärt wird, kommt aus {value}, einem Softmax über eine einzige Zahl, der immer {n} ist, darum ändert nichts es: erkläre, was er liest, {option}",
  ],
  [
    "what is explained comes out of {value}, a softmax over a single number, which is always {n}, so that nothing changes it",
    "was erklärt wird, kommt aus {value}, einem Softmax über eine einzige Zahl, der immer {n} ist, darum ändert nichts es",
  ],
  [
    "what is explained is itself exactly 0 for this picture, as a unit behind a ReLU that is off: try another unit, place or picture",
    "was erklärt wird, ist bei diesem Bild selbst genau 0, wie eine Einheit hinter einem ReLU, das aus ist: versuche eine andere Einheit, Stelle oder ein anderes Bild",
  ],
  [
    "half of the positive mass lies in {share} of the picture, beside which the rest looks blank: see its numbers",
    "die Hälfte dessen, was dafür spricht, liegt auf {share} des Bildes, neben denen der Rest leer aussieht: sieh dir die Zahlen an",
  ],
  [
    "half of the positive mass lies in {share} of the input, beside which the rest looks blank: see its numbers",
    "die Hälfte dessen, was dafür spricht, liegt auf {share} der Eingabe, neben denen der Rest leer aussieht: sieh dir die Zahlen an",
  ],
  [
    "the input itself holds NaN or infinity: check the file",
    "schon die Eingabe enthält NaN oder unendliche Zahlen: prüfe die Datei",
  ],
  [
    "the picture is the same everywhere, so no place can differ: check the file",
    "das Bild ist überall gleich, darum kann sich keine Stelle unterscheiden: prüfe die Datei",
  ],
  [
    "the input goes from {a} to {b}, where the network's preprocessing gives {c} to {d}: prepare it so, or say with {option} how the network wants it",
    "die Eingabe geht von {a} bis {b}, die Vorbereitung des Netzes gibt {c} bis {d}: bereite sie so vor, oder sag mit {option}, wie das Netz sie will",
  ],
  [
    "the input looks like a picture in 0..255 as it is, and most networks want smaller numbers: prepare it, or give the picture and {option}",
    "die Eingabe sieht aus wie ein Bild von 0 bis 255, und die meisten Netze wollen kleinere Zahlen: bereite sie vor, oder gib das Bild und {option}",
  ],
  [
    "the probability is {certainty} (the softmax is saturated), so that hardly anything changes it: explain the logit, without {option}",
    "die Wahrscheinlichkeit ist {certainty} (der Softmax ist gesättigt), darum ändert kaum etwas sie: erkläre den Logit, ohne {option}",
  ],
];
