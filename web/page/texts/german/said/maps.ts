/** @file What a map shows, of what, in which unit and how it was checked: in German. */
import type { SentencePair } from "../../said-sentences.ts";

export const mapSentences: readonly SentencePair[] = [
  ["maximum at {place}", "am größten {place}"],
  [
    "maximum at {x} of the depth, {y} of the height and {z} of the width",
    "am größten bei {x} der Tiefe, {y} der Höhe und {z} der Breite",
  ],
  ["maximum at {x} of the length", "am größten bei {x} der Länge"],
  [
    "maximum at number {n} of {count}, counted from 0",
    "am größten bei Zahl {n} von {count}, von 0 an gezählt",
  ],
  ["minimum at {place}", "am kleinsten {place}"],
  [
    "minimum at {x} of the depth, {y} of the height and {z} of the width",
    "am kleinsten bei {x} der Tiefe, {y} der Höhe und {z} der Breite",
  ],
  ["minimum at {x} of the length", "am kleinsten bei {x} der Länge"],
  [
    "minimum at number {n} of {count}, counted from 0",
    "am kleinsten bei Zahl {n} von {count}, von 0 an gezählt",
  ],
  [
    "{share} of the picture holds half of the positive mass",
    "auf {share} des Bildes liegt die Hälfte dessen, was dafür spricht",
  ],
  [
    "{share} of the signal holds half of the positive mass",
    "auf {share} des Signals liegt die Hälfte dessen, was dafür spricht",
  ],
  [
    "{share} of the volume holds half of the positive mass",
    "auf {share} des Volumens liegt die Hälfte dessen, was dafür spricht",
  ],
  [
    "{share} of the numbers hold half of the positive mass",
    "auf {share} der Zahlen liegt die Hälfte dessen, was dafür spricht",
  ],
  [
    "{share} of the positive mass lies in the outlined part",
    "{share} dessen, was dafür spricht, liegt im umrandeten Teil",
  ],
  ["{share} of all mass is negative", "{share} von allem spricht dagegen"],
  ["no place is positive", "keine Stelle ist positiv"],
  ["nothing is positive", "nichts ist positiv"],
  ["holds NaN or infinity", "enthält NaN oder unendliche Zahlen"],
  ["{number} everywhere", "überall {number}"],
  ["{count} changed pictures", "{count} veränderte Bilder"],
  [
    "{count} changed pictures, too few to tell the error",
    "{count} veränderte Bilder, zu wenige, um den Fehler zu nennen",
  ],
  [
    "{count} changed pictures, standard error {share} of the map's spread",
    "{count} veränderte Bilder, Standardfehler {share} der Streuung der Karte",
  ],

  ["{score}", "{score}"],
  ["{score} per input unit", "{score} je Einheit der Eingabe"],
  ["bent {score} per input unit", "gebogener {score} je Einheit der Eingabe"],
  ["({score} per input unit)^2", "({score} je Einheit der Eingabe)^2"],
  ["{score} per piece", "{score} je Stück"],
  ["{score} lost", "{score}: so viel geht verloren"],
  ["mean {score} when visible", "{score} im Mittel, wenn sichtbar"],
  ["likeness gained when visible", "gewonnene Ähnlichkeit, wenn sichtbar"],
  ["weighted activation", "gewichtete Aktivierung"],
  ["projected activation", "projizierte Aktivierung"],
  ["gradient × activation", "Gradient × Aktivierung"],
  ["{sentencea} x {sentenceb}", "{sentencea} x {sentenceb}"],
  ["shares of the layers' largest", "Anteile am Größten der Schichten"],
  ["activation", "Aktivierung"],

  ["{noun} {n}", "{noun} {n}"],
  ["{noun} {n}, group {k} of {count}", "{noun} {n}, Gruppe {k} von {count}"],
  ['{noun} {n} of "{output}"', "{noun} {n} von „{output}“"],
  [
    '{noun} {n}, group {k} of {count} of "{output}"',
    "{noun} {n}, Gruppe {k} von {count} von „{output}“",
  ],
  ["probability > 0.9999", "Wahrscheinlichkeit > 0.9999"],
  ["{score} {n}", "{score} {n}"],
  [
    "{score} difference {n}: {own} here, {other} of {name}",
    "Unterschied ({score}) {n}: {own} hier, {other} bei {name}",
  ],
  ["over {share} of the picture", "über {share} des Bildes"],
  ['the value "{output}"', "der Wert „{output}“"],
  ["the top class", "die beste Klasse"],
  [
    "layer {layer}, channel {n}, mean over places",
    "Schicht {layer}, Kanal {n}, Mittel über die Stellen",
  ],
  [
    "layer {layer}, channel {n}, row {row}, column {column}",
    "Schicht {layer}, Kanal {n}, Zeile {row}, Spalte {column}",
  ],
  ["layer {layer}, channel {n}, token {token}", "Schicht {layer}, Kanal {n}, Token {token}"],
  [
    "layer {layer}, channel {n}, mean in the box {box}",
    "Schicht {layer}, Kanal {n}, Mittel im Kasten {box}",
  ],
  [
    "layer {layer}, channel {n}, mean in the mask",
    "Schicht {layer}, Kanal {n}, Mittel in der Maske",
  ],
  ["{class} where it is found", "{class}, wo es gefunden wird"],
  ["{class} in the box {box}", "{class} im Kasten {box}"],
  ["{class} in the mask", "{class} in der Maske"],
  ["{class} at pixel {pixel}", "{class} beim Pixel {pixel}"],
  ["{class} at its highest 1 %", "{class}, wo es am größten ist (1 %)"],
  ["{class} over all places, found nowhere", "{class} über alle Stellen, nirgends gefunden"],
  ["the best box ({what})", "der beste Kasten ({what})"],
  ["box {n} ({what})", "Kasten {n} ({what})"],
  ["all boxes ({count} boxes)", "alle Kästen ({count})"],
  ["{first} minus {second}", "{first} weniger {second}"],

  ["checked: derivative agrees to {error}", "geprüft: Ableitung stimmt bis auf {error}"],
  ["checked: forward pass agrees to {error}", "geprüft: Vorwärtslauf stimmt bis auf {error}"],
  [
    "checked: the score is too rough to tell its derivative by differences",
    "geprüft: Der Wert ist zu rau, um seine Ableitung aus Unterschieden zu nennen",
  ],
  [
    'checked: the score is a staircase ({operator} "{name}" rounds): differences cannot tell its derivative',
    "geprüft: Der Wert ist eine Treppe ({operator} „{name}“ rundet): Unterschiede sagen nichts über seine Ableitung",
  ],
  [
    "checked: rounding alone moves this score by {share} of itself",
    "geprüft: Schon das Runden bewegt diesen Wert um {share} seiner selbst",
  ],
];
