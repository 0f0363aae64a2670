/** @file Where the page computes, and what can befall it, in both languages. */

const english = {
  noMemory:
    "The memory of this tab was not enough for that. Everything else is as it was. Take a smaller picture or another method, or explain this network on the command line.",
  lostCard:
    "The graphics card was lost, so the page goes on with the processor. Everything else is as it was.",
  notStarted:
    "The computing part of the page does not start. Load the page again; if that does not help, take another browser.",
  missingCode:
    "A part of the page could not be loaded: there is no network, or the page was renewed meanwhile. Load it again.",
  noWasm:
    "WebAssembly, by which everything here is computed, is switched off in this browser or forbidden by a policy. Allow it for this page, or take another browser.",
  gaveUp: "The computing part of the page died twice at what was open, so that was closed.",
  noCamera:
    "Browsers give a camera only to pages of https and of this machine, and this one is neither.",
  computesOn: "Computes on",
  automatic: "what is faster",
  processor: "the processor",
  card: "the graphics card",
  onProcessor: "It computes on the processor.",
  onCard: "It computes on the graphics card",
  cardApart: "Its numbers differ from those of the processor by",
  cardRefusedPart: "What the card cannot compute the processor does.",
  cardRefused: "The graphics card cannot compute this network, so the processor does:",
  cardWrong:
    "The graphics card gave other numbers than the processor, so the processor computes. They differ by",
  cardSlower:
    "The graphics card was slower than the processor at this network, so the processor computes.",
  cardSoftware:
    "The graphics card of this browser is one that the processor plays, so it computes on the processor itself.",
  cardIsLost: "The graphics card was lost, so it computes on the processor.",
  noWebGpu: "It computes on the processor, as this browser offers this page no WebGPU.",
  noCard: "It computes on the processor, as this browser offers no graphics card.",
  noWaiting:
    "It computes on the processor, as WebAssembly cannot wait for the graphics card in this browser.",
} as const;

const german: Readonly<Record<keyof typeof english, string>> = {
  noMemory:
    "Der Speicher dieses Tabs hat dafür nicht gereicht. Alles andere ist wie zuvor. Nimm ein kleineres Bild oder ein anderes Verfahren, oder erkläre dieses Netz in der Befehlszeile.",
  lostCard:
    "Die Grafikkarte ging verloren, deshalb rechnet die Seite mit dem Prozessor weiter. Alles andere ist wie zuvor.",
  notStarted:
    "Der rechnende Teil der Seite startet nicht. Lade die Seite neu; wenn das nicht hilft, nimm einen anderen Browser.",
  missingCode:
    "Ein Teil der Seite konnte nicht geladen werden: Es gibt kein Netzwerk, oder die Seite wurde inzwischen erneuert. Lade sie neu.",
  noWasm:
    "WebAssembly, womit hier alles gerechnet wird, ist in diesem Browser abgeschaltet oder verboten. Erlaube es für diese Seite, oder nimm einen anderen Browser.",
  gaveUp:
    "Der rechnende Teil der Seite starb zweimal an dem, was offen war, deshalb wurde es geschlossen.",
  noCamera:
    "Eine Kamera geben Browser nur Seiten mit https und Seiten dieses Rechners, und diese ist keine davon.",
  computesOn: "Rechnet auf",
  automatic: "dem Schnelleren",
  processor: "dem Prozessor",
  card: "der Grafikkarte",
  onProcessor: "Gerechnet wird auf dem Prozessor.",
  onCard: "Gerechnet wird auf der Grafikkarte",
  cardApart: "Ihre Zahlen weichen von denen des Prozessors ab um",
  cardRefusedPart: "Was die Karte nicht rechnen kann, rechnet der Prozessor.",
  cardRefused: "Die Grafikkarte kann dieses Netz nicht rechnen, deshalb tut es der Prozessor:",
  cardWrong:
    "Die Grafikkarte gab andere Zahlen als der Prozessor, deshalb rechnet der Prozessor. Abweichung:",
  cardSlower:
    "Die Grafikkarte war bei diesem Netz langsamer als der Prozessor, deshalb rechnet der Prozessor.",
  cardSoftware:
    "Die Grafikkarte dieses Browsers spielt der Prozessor nur vor, deshalb rechnet er selbst.",
  cardIsLost: "Die Grafikkarte ging verloren, deshalb wird auf dem Prozessor gerechnet.",
  noWebGpu:
    "Gerechnet wird auf dem Prozessor, denn dieser Browser bietet dieser Seite kein WebGPU an.",
  noCard: "Gerechnet wird auf dem Prozessor, denn dieser Browser bietet keine Grafikkarte an.",
  noWaiting:
    "Gerechnet wird auf dem Prozessor, denn WebAssembly kann in diesem Browser nicht auf die Grafikkarte warten.",
};

export const computingTexts = { en: english, de: german };
