/** @file In German: the texts of `english/computing.ts`. */
import type { computingEnglish } from "../english/computing.ts";

export const computingGerman: Readonly<Record<keyof typeof computingEnglish, string>> = {
  noMemory:
    "Der Speicher dieses Tabs hat dafür nicht gereicht. Alles andere ist wie zuvor. Nimm ein kleineres Bild oder ein anderes Verfahren, oder erkläre dieses Netz in der Befehlszeile.",
  lostCard:
    "Die Grafikkarte ging verloren, deshalb rechnet die Seite mit dem Prozessor weiter. Alles andere ist wie zuvor.",
  notStarted:
    "Der rechnende Teil der Seite startet nicht. Lade die Seite neu, sobald du online bist; wenn das nicht hilft, nimm einen anderen Browser.",
  lackingNetwork: "Das Netz „{what}“",
  lackingPart: "Der Teil der Seite für „{what}“",
  missingCode:
    "ließ sich nicht holen: Es besteht keine Verbindung, oder die Seite wurde inzwischen erneuert. Was du siehst, bleibt; versuche es wieder, sobald du online bist, und wenn das nicht hilft, lade die Seite dann neu.",
  noWasm:
    "WebAssembly, womit hier alles gerechnet wird, ist in diesem Browser abgeschaltet oder verboten. Erlaube es für diese Seite, oder nimm einen anderen Browser.",
  gaveUp:
    "Der rechnende Teil der Seite starb zweimal an dem, was offen war, deshalb wurde es geschlossen.",
  cameraEnded: "Die Kamera gibt keine Bilder mehr; das letzte wird gezeigt.",
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
