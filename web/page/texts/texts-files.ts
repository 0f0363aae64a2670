/** @file What the page says of files that are dropped on it, in every language that it speaks. */

import type { ViewPart } from "../unknown-parts.ts";

const english = {
  stillMissing: "Still missing:",
  dropMissing: "Drop it, and the network opens.",
  kept: "Kept until the rest comes:",
  keptPerhaps: "Kept, in case it is part of a network whose rest comes:",
  leftOut: "Left out, as it is neither a network nor a picture:",
  takenTruth: "Tells the classes of the dropped pictures, by which “Folder” judges them:",
  takenNames:
    "Taken for the names of the network’s classes, as no column surely names the dropped pictures:",
  takenNamesInstead:
    "If it tells what the pictures show, judge them in “Folder” and choose it there.",
  leftPacked: "Pictures of archives that were left out, as they take too much memory:",
  lookedAt: "The list of photos holds the first of the pictures, “Folder” judges all:",
  leftOutOf: "Left out of what is shown, as there is no such thing in",
  viewParts: {
    layer: "layer",
    channel: "channel",
    method: "method",
    settings: "setting",
    target: "target",
    region: "part of the picture",
    preprocess: "preparation",
  },
  forget: "Forget",
} as const;

export type FileTexts = Readonly<Record<Exclude<keyof typeof english, "viewParts">, string>> & {
  readonly viewParts: Readonly<Record<ViewPart, string>>;
};

const german: FileTexts = {
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
  },
  forget: "Vergessen",
};

export const fileTexts = { en: english, de: german } as const;
