/** @file THE table of the texts of a layer's views, which are loaded when one is opened. */
import { useContext } from "preact/hooks";
import type { Language } from "../../parts/kept-settings.ts";
import { SettingsContext } from "../../parts/settings.ts";

const english = {
  mapOf: "Map of the units",
  mapText:
    "Units are near each other where they answer to the photos alike (UMAP of the cosines of their mean activations). Only nearness says something: distances between groups that are far apart, directions and sizes of groups say nothing.",
  mapKeys:
    "Arrows go to the next unit, Enter opens it, + and − zoom, Shift with arrows moves the map, 0 shows the whole.",
  mapDots: "Dots are units for whose pictures there is room only nearer by.",
  mapWithoutPlace: "are 0 in every photo and have no place here.",
  mapWithoutPlaceOne: "is 0 in every photo and has no place here.",
  mapNeedsPhotos:
    "There is no map: it says which units answer to photos alike, and this atlas was made without photos.",
  mapLacks: "There is no map. It needs",
  mapLacksUnits: "units that are not 0 in every photo; this layer has",
  mapLacksPhotos: "photos; this atlas has",
  mapList: "The same as a list",
  mapListText: "Of each unit those that answer most like it, with their cosines.",
  zoomIn: "Nearer",
  zoomOut: "Farther",
  zoomWhole: "Whole map",
  open: "Open",
  labelMostly: "photos mostly of",
  labelSpeaks: "speaks for",
  noneOfClass: "No unit names it.",
  cellsOf: "Activation atlas",
  cellsText:
    "Each picture stands for places of photos to which this layer answers alike: it was made for the average of their activations. Near ones are alike (UMAP of the cosines of activations); distances between groups that are far apart, directions and sizes of groups say nothing. An average need not be what any single photo shows.",
  cellsPlaces: "places of",
  cellsOfPhoto: "photo",
  cellsOfPhotos: "photos",
  cellsEach: "of each, drawn at random",
  cellsLeast: "a picture stands for at least",
  cellsLack: "There is no activation atlas. It needs",
  cellsLackPlaces: "places of photos to which the layer answers; here are",
  cellsNotAsked: "This atlas was made without an activation atlas of this layer.",
  cellKeys:
    "Arrows go to the next picture, Enter to what is known of it, + and − zoom, Shift with arrows moves the map, 0 shows the whole.",
  cellLookAt: "Point at a picture to see the photos that it stands for.",
  cellRow: "Row",
  cellColumn: "column",
  cellOf: "average of",
  cellPlaces: "places",
  cellFolders: "folders of their photos",
  cellPatches: "Photos at these places, the likest to the average first",
} as const;

export type ViewTexts = Readonly<Record<keyof typeof english, string>>;

const german: ViewTexts = {
  mapOf: "Karte der Einheiten",
  mapText:
    "Einheiten liegen nahe beieinander, wo sie den Fotos ähnlich antworten (UMAP der Kosinus ihrer mittleren Aktivierungen). Nur Nähe sagt etwas: Abstände zwischen Gruppen, die weit auseinander liegen, Richtungen und Größen von Gruppen sagen nichts.",
  mapKeys:
    "Pfeile gehen zur nächsten Einheit, Enter öffnet sie, + und − vergrößern und verkleinern, Umschalt mit Pfeilen bewegt die Karte, 0 zeigt alles.",
  mapDots: "Punkte sind Einheiten, für deren Bilder erst näher Platz ist.",
  mapWithoutPlace: "sind auf jedem Foto 0 und haben hier keinen Platz.",
  mapWithoutPlaceOne: "ist auf jedem Foto 0 und hat hier keinen Platz.",
  mapNeedsPhotos:
    "Es gibt keine Karte: Sie sagt, welche Einheiten Fotos ähnlich antworten, und dieser Atlas wurde ohne Fotos gemacht.",
  mapLacks: "Es gibt keine Karte. Sie braucht",
  mapLacksUnits: "Einheiten, die nicht auf jedem Foto 0 sind; diese Schicht hat",
  mapLacksPhotos: "Fotos; dieser Atlas hat",
  mapList: "Dasselbe als Liste",
  mapListText: "Zu jeder Einheit die, die ihr am ähnlichsten antworten, mit ihren Kosinus.",
  zoomIn: "Näher",
  zoomOut: "Weiter weg",
  zoomWhole: "Ganze Karte",
  open: "Öffnen:",
  labelMostly: "Fotos meist aus",
  labelSpeaks: "spricht für",
  noneOfClass: "Keine Einheit nennt sie.",
  cellsOf: "Aktivierungsatlas",
  cellsText:
    "Jedes Bild steht für Stellen von Fotos, denen diese Schicht ähnlich antwortet: Es wurde für das Mittel ihrer Aktivierungen gemacht. Nahe Bilder sind ähnlich (UMAP der Kosinus der Aktivierungen); Abstände zwischen Gruppen, die weit auseinander liegen, Richtungen und Größen von Gruppen sagen nichts. Ein Mittel muss nicht sein, was ein einzelnes Foto zeigt.",
  cellsPlaces: "Stellen aus",
  cellsOfPhoto: "Foto",
  cellsOfPhotos: "Fotos",
  cellsEach: "je Foto, zufällig gezogen",
  cellsLeast: "ein Bild steht für mindestens",
  cellsLack: "Es gibt keinen Aktivierungsatlas. Er braucht",
  cellsLackPlaces: "Stellen von Fotos, denen die Schicht antwortet; hier sind es",
  cellsNotAsked: "Dieser Atlas wurde ohne einen Aktivierungsatlas dieser Schicht gemacht.",
  cellKeys:
    "Pfeile gehen zum nächsten Bild, Enter zu dem, was von ihm bekannt ist, + und − vergrößern und verkleinern, Umschalt mit Pfeilen bewegt die Karte, 0 zeigt alles.",
  cellLookAt: "Zeige auf ein Bild, um die Fotos zu sehen, für die es steht.",
  cellRow: "Zeile",
  cellColumn: "Spalte",
  cellOf: "Mittel von",
  cellPlaces: "Stellen",
  cellFolders: "Ordner ihrer Fotos",
  cellPatches: "Fotos an diesen Stellen, die dem Mittel ähnlichsten zuerst",
};

export const viewTexts: Readonly<Record<Language, ViewTexts>> = { en: english, de: german };

/** In the reader's language. */
export function useViewTexts(): ViewTexts {
  return viewTexts[useContext(SettingsContext).language];
}
