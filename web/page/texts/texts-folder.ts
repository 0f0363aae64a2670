/** @file What the page says of a folder of pictures, in every language that it speaks. */
import type { JudgedOrder } from "../folder/judged-list.ts";

const english = {
  folderDoor: "Folder",
  folder: "A folder of pictures",
  folderHint:
    "The network answers for every picture; the worst stand first. Folders that are named like classes say what is right, or a table of names and classes (CSV, TSV) beside the pictures. Drop a folder here, or choose one.",
  chooseTable: "Choose a table of classes (CSV)",
  chooseFolder: "Choose a folder",
  judgeThese: "Judge the dropped pictures",
  judging: "Judged:",
  right: "right",
  interval: "95 % interval",
  mostOften: "most often taken for another",
  notJudged: "could not be judged",
  withoutLabels: "pictures, of none of which the class is known",
  unknownFolders:
    "These folders are called like no class of the network, so their pictures are judged without:",
  saveCsv: "Save as CSV",
  saveJson: "Save as JSON",
  sortBy: "Sort by",
  allClasses: "all",
  compareMethods: "Compare two methods",
  meant: "but it is",
  loss: "loss",
  disagreement: "disagreement",
  cannotRead: "cannot be judged",
  judgedOrders: {
    loss: "mistakes and loss",
    doubt: "least certainty",
    disagreement: "disagreement of two maps",
    name: "name",
  },
} as const;

/** In each language. */
export type FolderTexts = Readonly<
  Record<Exclude<keyof typeof english, "judgedOrders">, string>
> & {
  readonly judgedOrders: Readonly<Record<JudgedOrder, string>>;
};

const german: FolderTexts = {
  folderDoor: "Ordner",
  folder: "Ein Ordner voller Bilder",
  folderHint:
    "Das Netz antwortet zu jedem Bild; die schlechtesten stehen vorn. Ordner, die wie Klassen heißen, sagen, was richtig ist, oder eine Tabelle mit Namen und Klassen (CSV, TSV) neben den Bildern. Lass hier einen Ordner fallen oder wähle einen.",
  chooseTable: "Tabelle der Klassen wählen (CSV)",
  chooseFolder: "Ordner wählen",
  judgeThese: "Die abgelegten Bilder beurteilen",
  judging: "Beurteilt:",
  right: "richtig",
  interval: "95-%-Intervall",
  mostOften: "am häufigsten verwechselt",
  notJudged: "nicht zu beurteilen",
  withoutLabels: "Bilder, von keinem ist die Klasse bekannt",
  unknownFolders:
    "Diese Ordner heißen wie keine Klasse des Netzes, darum werden ihre Bilder ohne beurteilt:",
  saveCsv: "Als CSV sichern",
  saveJson: "Als JSON sichern",
  sortBy: "Ordnen nach",
  allClasses: "alle",
  compareMethods: "Zwei Verfahren vergleichen",
  meant: "ist aber",
  loss: "Verlust",
  disagreement: "Uneinigkeit",
  cannotRead: "nicht zu beurteilen",
  judgedOrders: {
    loss: "Fehlern und Verlust",
    doubt: "geringster Sicherheit",
    disagreement: "Uneinigkeit zweier Karten",
    name: "Namen",
  },
};

export const folderTexts = { en: english, de: german } as const;
