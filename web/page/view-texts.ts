/** @file Texts of what is seen beside a map: the graph, a second network, patches, targets, how far to believe it. */

const english = {
  graph: "Graph",
  graphHelp: "Arrows follow the lines, Enter chooses, + and - zoom",
  zoomIn: "Larger",
  zoomOut: "Smaller",
  zoomFit: "Fit the width",
  noGradient: "no gradient",
  noDerivative: "no derivative",
  noGradientBecause:
    "No gradient reaches this layer: behind it is an operator without a derivative",
  graphInput: "input",
  graphOutput: "output",
  tookPlace: "This network took the place of",
  replaceIt: "Just replace",
  compareBoth: "Compare both",
  twoNetworks: "Two networks, one picture",
  secondFile: "Second network from a file",
  secondShipped: "A network of the page",
  closeSecond: "Close the second",
  difference: "difference",
  mapDifference: "the second map less the first",
  otherPlaces: "The maps have different numbers of places, so no difference is drawn.",
  otherClasses: "Nothing says which classes of both networks are the same.",
  noSuchLayer: "The second network has no layer of this name",
  changedMost: "Channels whose largest number changed most",
} as const;

const german: Readonly<Record<keyof typeof english, string>> = {
  graph: "Graph",
  graphHelp: "Pfeile folgen den Linien, Enter wählt, + und - ändern die Größe",
  zoomIn: "Größer",
  zoomOut: "Kleiner",
  zoomFit: "Auf die Breite einpassen",
  noGradient: "kein Gradient",
  noDerivative: "keine Ableitung",
  noGradientBecause:
    "Kein Gradient erreicht diese Schicht: Hinter ihr liegt ein Operator ohne Ableitung",
  graphInput: "Eingabe",
  graphOutput: "Ausgabe",
  tookPlace: "Dieses Netz ersetzt",
  replaceIt: "Nur ersetzen",
  compareBoth: "Beide vergleichen",
  twoNetworks: "Zwei Netze, ein Bild",
  secondFile: "Zweites Netz aus einer Datei",
  secondShipped: "Ein Netz der Seite",
  closeSecond: "Das zweite schließen",
  difference: "Unterschied",
  mapDifference: "die zweite Karte weniger die erste",
  otherPlaces: "Die Karten haben verschieden viele Orte, deshalb ist kein Unterschied gezeichnet.",
  otherClasses: "Nichts sagt, welche Klassen beider Netze dieselben sind.",
  noSuchLayer: "Das zweite Netz hat keine Schicht dieses Namens",
  changedMost: "Kanäle, deren größte Zahl sich am meisten geändert hat",
};

export const viewTexts = { en: english, de: german } as const;
