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
  opposite: "Its opposite",
  beforeRectifier: "value that its ReLU reads",
  oppositeSilent: "Nothing that was tried makes it smaller. The picture shows nothing.",
  diverse: "Three that differ",
  diverseText: "kept apart by their Gram matrices on its layer",
  alike: "How alike they are there:",
  alikeText: "(mean cosine; 1 is altogether). Close to 1, the unit has one style.",
  itsClasses: "Its classes",
  speaksAgainst: "Speaks against",
  noneTold:
    "There is no class for which it can be told: what it adds is too little, or too uneven from photo to photo.",
  classesText:
    "What it adds to a class's logit (gradient × activation over all its places), ± standard error; only what is further from 0 than three of these.",
  meanOver: "Mean over",
  ofAll: "Of the network's",
  lookedAt: "classes",
  topAnswers: "were looked at: those that are most often its first answer to them.",
  noLogits: "The network has no logits of classes, so it is not told for which classes it speaks.",
  caricature: "A photo as this layer sees it",
  caricatureText:
    "A picture for which the layer's activations point where the photo's do, and are larger (caricature): what the layer keeps of the photo, exaggerated.",
  noCaricature: "This atlas was made without a photo to see through the layers (--caricature).",
  thePhoto: "The photo",
  cosine: "cosine with the photo's activations",
  noiseHas: "noise has at most",
  strength: "its activations are",
  asStrong: "times as long",
  likeNoise:
    "Noise is as like the photo for this layer: the picture says little of what it sees in it.",
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
  cellUnmoved:
    "This picture excites it hardly more than the noise that it was made from: believe the photos.",
  cellFolders: "folders of their photos",
  cellClasses: "speaks for",
  cellNoClasses: "no class that can be told",
  cellClassesText:
    "Classes: what the layer's numbers at one place add to the class's logit, as far as that is linear (gradient × activation), mean ± standard error over at most",
  cellClassesPlaces:
    "of the cell's places, the likest to its average; named are at most four, each 3 standard errors above 0. So few places tell a tendency and prove nothing.",
  cellPatches: "Photos at these places, the likest to the average first",
  keysMove: "move among units; Enter opens one",
  keysUnits: "on a unit: the one before, the next",
  keysUp: "up: from unit to layer to network",
  keysLayer: "layer before, next layer",
  keysSearch: "search",
  keysHelp: "these keys",
  arrows: "Arrows",
  close: "Close",
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
  opposite: "Ihr Gegenteil",
  beforeRectifier: "Wert, den ihr ReLU liest",
  oppositeSilent: "Nichts, was versucht wurde, macht sie kleiner. Das Bild zeigt nichts.",
  diverse: "Drei verschiedene",
  diverseText: "auseinandergehalten durch ihre Gram-Matrizen in der Schicht",
  alike: "Wie ähnlich sie einander dort sind:",
  alikeText: "(mittlerer Kosinus; 1 heißt: ganz). Nahe 1 hat die Einheit nur einen Stil.",
  itsClasses: "Ihre Klassen",
  speaksAgainst: "Spricht gegen",
  noneTold:
    "Von keiner Klasse lässt es sich sagen: Was sie beiträgt, ist zu wenig oder von Foto zu Foto zu ungleich.",
  classesText:
    "Was sie zum Logit einer Klasse beiträgt (Gradient × Aktivierung über alle Stellen), ± Standardfehler; nur, was weiter als drei davon von 0 entfernt ist.",
  meanOver: "Mittel über",
  ofAll: "Von den",
  lookedAt: "Klassen des Netzes wurden",
  topAnswers: "betrachtet: die, die am häufigsten seine erste Antwort auf sie sind.",
  noLogits:
    "Das Netz hat keine Logits von Klassen; darum wird nicht gesagt, für welche Klassen sie spricht.",
  caricature: "Ein Foto, wie diese Schicht es sieht",
  caricatureText:
    "Ein Bild, bei dem die Aktivierungen der Schicht dorthin zeigen, wohin die des Fotos zeigen, und größer sind (Karikatur): was die Schicht vom Foto behält, übertrieben.",
  noCaricature:
    "Dieser Atlas wurde ohne ein Foto gemacht, das durch die Schichten gesehen wird (--caricature).",
  thePhoto: "Das Foto",
  cosine: "Kosinus mit den Aktivierungen des Fotos",
  noiseHas: "Rauschen hat höchstens",
  strength: "seine Aktivierungen sind",
  asStrong: "mal so lang",
  likeNoise:
    "Rauschen ist dem Foto für diese Schicht ebenso ähnlich: Das Bild sagt wenig darüber, was sie darin sieht.",
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
  cellUnmoved:
    "Dieses Bild regt sie kaum mehr an als das Rauschen, aus dem es gemacht wurde: Glaube den Fotos.",
  cellFolders: "Ordner ihrer Fotos",
  cellClasses: "spricht für",
  cellNoClasses: "keine Klasse, die sich nennen ließe",
  cellClassesText:
    "Klassen: was die Zahlen der Schicht an einer Stelle zum Logit der Klasse beitragen, soweit das linear ist (Gradient × Aktivierung), Mittel ± Standardfehler über höchstens",
  cellClassesPlaces:
    "Stellen der Zelle, die ihrem Mittel ähnlichsten; genannt sind höchstens vier, jede 3 Standardfehler über 0. So wenige Stellen zeigen eine Neigung und beweisen nichts.",
  cellPatches: "Fotos an diesen Stellen, die dem Mittel ähnlichsten zuerst",
  keysMove: "gehen durch die Einheiten; Enter öffnet eine",
  keysUnits: "bei einer Einheit: die vorige, die nächste",
  keysUp: "nach oben: von der Einheit zur Schicht zum Netz",
  keysLayer: "vorige Schicht, nächste Schicht",
  keysSearch: "suchen",
  keysHelp: "diese Tasten",
  arrows: "Pfeile",
  close: "Schließen",
};

export const viewTexts: Readonly<Record<Language, ViewTexts>> = { en: english, de: german };

/** In the reader's language. */
export function useViewTexts(): ViewTexts {
  return viewTexts[useContext(SettingsContext).language];
}
