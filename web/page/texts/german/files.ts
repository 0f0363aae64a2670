/** @file In German: the texts of `english/files.ts`. */
import type { FileTexts } from "../english/files.ts";

export const fileGerman: FileTexts = {
  notices: "Hinweise zu Dateien",
  stillMissing: "Es fehlt noch:",
  dropMissing: "Leg es dazu, dann öffnet sich das Netz.",
  kept: "Aufgehoben, bis der Rest kommt:",
  keptPerhaps: "Aufgehoben, falls es Teil eines Netzes ist, dessen Rest noch kommt:",
  leftOut: "Weggelassen, weil es weder Netz noch Bild ist:",
  takenTruth: "Sagt die Klassen der abgelegten Bilder, nach denen „Ordner“ sie beurteilt:",
  takenNames:
    "Für die Namen der Klassen des Netzes gehalten, weil keine Spalte sicher die abgelegten Bilder nennt:",
  takenNamesInstead:
    "Sagt sie, was die Bilder zeigen, dann beurteile sie in „Ordner“ und wähle sie dort.",
  leftPacked: "Bilder aus Archiven, die wegblieben, weil sie zu viel Speicher brauchen:",
  lookedAt: "Die Liste der Fotos enthält die ersten der Bilder, „Ordner“ beurteilt alle:",
  leftOutOf: "Aus dem Gezeigten weggelassen, denn so etwas gibt es nicht in",
  viewParts: {
    layer: "Schicht",
    channel: "Kanal",
    method: "Verfahren",
    settings: "Einstellung",
    target: "Ziel",
    region: "Teil des Bildes",
    preprocess: "Vorbereitung",
    entry: "Angabe der Adresse",
  },
  forget: "Vergessen",
};
