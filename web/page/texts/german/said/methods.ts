/** @file What methods do and what can be set of them, in German. */
import type { SentencePair } from "../../said-sentences.ts";

export const methodSentences: readonly SentencePair[] = [
  ["how much the logit changes with each pixel", "wie sehr sich der Logit mit jedem Pixel ändert"],
  [
    "what each pixel would give to the logit if the network were linear",
    "was jedes Pixel zum Logit gäbe, wenn das Netz linear wäre",
  ],
  [
    "the mean gradient of noisy copies of the picture, which is less grainy",
    "der mittlere Gradient verrauschter Kopien des Bildes, der weniger körnig ist",
  ],
  [
    "the mean square of noisy copies' gradients: how much a pixel matters, either way",
    "das mittlere Quadrat der Gradienten verrauschter Kopien: wie viel ein Pixel zählt, gleich wohin",
  ],
  [
    "the variance of noisy copies' gradients: where small changes change the slope",
    "die Varianz der Gradienten verrauschter Kopien: wo kleine Änderungen die Steigung ändern",
  ],
  [
    "what each pixel gives to the logit on the way from a baseline; the map adds up",
    "was jedes Pixel auf dem Weg von einem Ausgangsbild (baseline) zum Logit gibt; die Summe der Karte stimmt",
  ],
  [
    "what each pixel gives to the logit, on average over many baselines",
    "was jedes Pixel zum Logit gibt, im Mittel über viele Ausgangsbilder (baseline)",
  ],
  [
    "what each pixel gives to the difference of the logit from that of a baseline",
    "was jedes Pixel zum Unterschied des Logits von dem eines Ausgangsbildes (baseline) gibt",
  ],
  [
    "where pixels and the biases of all convolutions give something to the logit",
    "wo Pixel und die Verschiebungen (Bias) aller Faltungen etwas zum Logit geben",
  ],
  [
    "edges and textures that excite the network; says little about the class",
    "Kanten und Texturen, die das Netz anregen; sagt wenig über die Klasse",
  ],
  [
    "the class projected back through the network, only by what is positive",
    "die Klasse durch das Netz zurückgeworfen, nur durch das, was positiv ist",
  ],
  [
    "pixels that raise the logit, by paths along which every ReLU's gradient is positive",
    "Pixel, die den Logit heben, auf Wegen, auf denen der Gradient jedes ReLU positiv ist",
  ],
  [
    "the logit shared out backwards from layer to layer down to the pixels, less what biases take or give; patented in Europe and the US",
    "der Logit, rückwärts von Schicht zu Schicht bis auf die Pixel verteilt, ohne das, was Verschiebungen (Bias) nehmen oder geben; in Europa und den USA patentiert",
  ],
  [
    "what each place of the last layer gives to the logit, where a global mean follows it",
    "was jede Stelle der letzten Schicht zum Logit gibt, wenn ein Mittel über alle Stellen folgt",
  ],
  [
    "which places of a layer speak for the class",
    "welche Stellen einer Schicht für die Klasse sprechen",
  ],
  [
    "edges and textures of Guided Backprop where Grad-CAM speaks for the class",
    "Kanten und Texturen von Guided Backprop, wo Grad-CAM für die Klasse spricht",
  ],
  [
    "places that speak for the class, several objects counted alike",
    "Stellen, die für die Klasse sprechen; mehrere Gegenstände zählen gleich",
  ],
  [
    "places of a layer that the class was computed from, each with its own gradient",
    "Stellen einer Schicht, aus denen die Klasse berechnet wurde, jede mit ihrem eigenen Gradienten",
  ],
  [
    "Grad-CAM whose channels weigh what they give to the class",
    "Grad-CAM, dessen Kanäle so viel wiegen, wie sie zur Klasse geben",
  ],
  [
    "places whose activation raises the class; sharp at early layers too",
    "Stellen, deren Aktivierung die Klasse hebt; auch an frühen Schichten scharf",
  ],
  [
    "what a layer shows most, whatever the class",
    "was eine Schicht am meisten zeigt, gleich welche Klasse",
  ],
  [
    "channels weighed by the class's score when the picture shows what they show",
    "Kanäle, gewogen nach dem Wert der Klasse, wenn das Bild zeigt, was sie zeigen",
  ],
  [
    "channels weighed by how much the class loses without them",
    "Kanäle, gewogen danach, wie viel die Klasse ohne sie verliert",
  ],
  [
    "how much the class loses when a square is hidden",
    "wie viel die Klasse verliert, wenn ein Quadrat verdeckt ist",
  ],
  [
    "mean probability of the class among random masks that show a pixel",
    "mittlere Wahrscheinlichkeit der Klasse unter zufälligen Masken, die ein Pixel zeigen",
  ],
  [
    "how much surer a detector finds the object again where random masks show a pixel",
    "wie viel sicherer ein Detektor den Gegenstand wiederfindet, wo zufällige Masken ein Pixel zeigen",
  ],
  [
    "a linear model of how the pieces of the picture make the class probable",
    "ein lineares Modell davon, wie die Stücke des Bildes die Klasse wahrscheinlich machen",
  ],
  [
    "what each piece of the picture adds to the class, as a fair share",
    "was jedes Stück des Bildes zur Klasse beiträgt, als gerechter Anteil",
  ],

  ["noisy copies of the picture", "verrauschte Kopien des Bildes"],
  [
    "standard deviation of the noise, as a share of the picture's range",
    "Standardabweichung des Rauschens, als Anteil am Bereich des Bildes",
  ],
  ["the noise", "das Rauschen"],
  ["where the path starts; zero as in the paper", "wo der Weg beginnt; null wie im Aufsatz"],
  ["equal steps, not refined", "gleiche Schritte, nicht verfeinert"],
  [
    "how far the sum of the map may be off, as a share of y_c(x) - y_c(x')",
    "wie weit die Summe der Karte danebenliegen darf, als Anteil an y_c(x) - y_c(x')",
  ],
  ["what the baselines lie around", "worum die Ausgangsbilder liegen"],
  ["baselines, each with one gradient", "Ausgangsbilder, jedes mit einem Gradienten"],
  [
    "standard deviation of the baselines, as a share of the picture's range",
    "Standardabweichung der Ausgangsbilder, als Anteil am Bereich des Bildes",
  ],
  [
    "the baselines and the places on their paths",
    "die Ausgangsbilder und die Stellen auf ihren Wegen",
  ],
  ["what the picture is compared with", "womit das Bild verglichen wird"],
  [
    "epsilon, gamma, z-plus, alpha-beta, epsilon-plus, epsilon-plus-flat, epsilon-gamma, epsilon-gamma-box, epsilon-alpha2-beta1, epsilon-alpha2-beta1-flat; epsilon-plus is z-plus for convolutions, epsilon for dense layers",
    "epsilon, gamma, z-plus, alpha-beta, epsilon-plus, epsilon-plus-flat, epsilon-gamma, epsilon-gamma-box, epsilon-alpha2-beta1, epsilon-alpha2-beta1-flat; epsilon-plus ist z-plus für Faltungen, epsilon für dichte Schichten",
  ],
  [
    "the rule of the layer that reads the picture: same, z-box, w-square, flat",
    "die Regel der Schicht, die das Bild liest: same, z-box, w-square, flat",
  ],
  ["added to the size of each denominator", "zur Größe jedes Nenners addiert"],
  [
    "how much more contributions of the output's sign count in gamma rules",
    "wie viel mehr Beiträge mit dem Vorzeichen der Ausgabe in Gamma-Regeln zählen",
  ],
  ["leave the final ReLU out", "das letzte ReLU weglassen"],
  ["captum enlarges to nearest places", "captum vergrößert auf nächste Stellen"],
  [
    "pytorch-grad-cam adds 1e-6 to a's denominator",
    "pytorch-grad-cam addiert 1e-6 zum Nenner von a",
  ],
  ["pytorch-grad-cam adds 1e-7 to sum(A_k)", "pytorch-grad-cam addiert 1e-7 zu sum(A_k)"],
  [
    "pytorch-grad-cam takes each channel's mean off first",
    "pytorch-grad-cam zieht zuerst das Mittel jedes Kanals ab",
  ],
  [
    "pytorch-grad-cam enlarges masks with aligned corners",
    "pytorch-grad-cam vergrößert Masken mit aufeinanderliegenden Ecken",
  ],
  [
    "pytorch-grad-cam ablates to far below the minimum unless that is 0",
    "pytorch-grad-cam setzt weit unter das Minimum, außer wenn das 0 ist",
  ],
  [
    "side of the square; of the segment of a signal, of the cube of a volume",
    "Seite des Quadrats; des Abschnitts eines Signals, des Würfels eines Volumens",
  ],
  ["from one square to the next", "von einem Quadrat zum nächsten"],
  ["what hidden pixels show", "was verdeckte Pixel zeigen"],
  [
    "what hidden pixels show; zero as in the paper",
    "was verdeckte Pixel zeigen; null wie im Aufsatz",
  ],
  ["masks, exactly so many", "Masken, genau so viele"],
  ["masks, 5000 in the paper, exactly so many", "Masken, 5000 im Aufsatz, genau so viele"],
  [
    "standard error of the map at which drawing ends, as a share of its spread",
    "Standardfehler der Karte, bei dem das Losen endet, als Anteil an ihrer Streuung",
  ],
  ["cells on a side of a mask", "Felder an einer Seite einer Maske"],
  ["probability that a cell stays visible", "Wahrscheinlichkeit, dass ein Feld sichtbar bleibt"],
  ["the masks", "die Masken"],
  [
    "what is hidden as one: superpixels (SLIC), or the squares of a grid",
    "was zusammen verdeckt wird: Superpixel (SLIC) oder die Quadrate eines Gitters",
  ],
  ["pieces, about", "Stücke, etwa"],
  ["pictures that are tried", "Bilder, die versucht werden"],
  [
    "pictures that are tried; exact if all coalitions are as many, exactly so many",
    "Bilder, die versucht werden; genau, wenn alle Zusammenstellungen so viele sind; genau so viele",
  ],
  ["which pieces are hidden together", "welche Stücke zusammen verdeckt werden"],

  ["as many as the tolerance needs", "so viele, wie die Toleranz braucht"],
  ["0.15, or none around a picture", "0.15, um ein Bild keine"],
  ["that of the composite", "die der Zusammenstellung"],
  [
    "an eighth of the picture's shorter side; of a volume a quarter of each",
    "ein Achtel der kürzeren Seite des Bildes; bei Volumen ein Viertel jeder Seite",
  ],
  ["half the window", "das halbe Fenster"],
  [
    "as many as the error needs, {count} at most",
    "so viele, wie der Fehler braucht, höchstens {count}",
  ],
  ["50, or one a pixel", "50, oder eins je Pixel"],
];
