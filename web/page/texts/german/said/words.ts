/** @file Words within sentences that the core says, in German, by the brace that they stand in. */

/** The thirds of a picture, as where something lies. */
const place = {
  "upper left": "oben links",
  top: "oben",
  "upper right": "oben rechts",
  left: "links",
  centre: "in der Mitte",
  right: "rechts",
  "lower left": "unten links",
  bottom: "unten",
  "lower right": "unten rechts",
};

/** What an explained number is. */
const score = {
  logit: "Logit",
  "mean logit": "mittlerer Logit",
  "sum of logits": "Summe der Logits",
  "log-odds": "logarithmierte Chance",
  probability: "Wahrscheinlichkeit",
  "mean probability": "mittlere Wahrscheinlichkeit",
  output: "Ausgabe",
  "mean output": "mittlere Ausgabe",
  score: "Wert",
  value: "Wert",
  "mean value": "mittlerer Wert",
  activation: "Aktivierung",
  "mean activation": "mittlere Aktivierung",
  "dot product": "Skalarprodukt",
  "cosine similarity": "Kosinus-Ähnlichkeit",
  "logit difference": "Unterschied der Logits",
  "value difference": "Unterschied der Werte",
  "output difference": "Unterschied der Ausgaben",
  "x of the centre in pixels": "x der Mitte in Pixeln",
  "y of the centre in pixels": "y der Mitte in Pixeln",
  "width in pixels": "Breite in Pixeln",
  "height in pixels": "Höhe in Pixeln",
};

export const words = {
  place,
  score,
  noun: { class: "Klasse", number: "Zahl", channel: "Kanal" },
  fit: {
    "whole picture, stretched": "ganze Bild, gestreckt",
    "middle of the picture": "mittlere Stück des Bildes",
    "whole picture in the middle of grey borders": "ganze Bild in der Mitte grauer Ränder",
    "whole picture at the top left of grey borders": "ganze Bild oben links in grauen Rändern",
  },
  colours: { grey: "Grau", RGB: "RGB", BGR: "BGR" },
  certainty: { "nearly 1": "fast 1", "nearly 0": "fast 0" },
} satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;
