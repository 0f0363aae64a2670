/** @file In German: the texts of `english/folder.ts`. */
import type { FolderTexts } from "../english/folder.ts";

export const folderGerman: FolderTexts = {
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
  withoutLabels: "Bild, dessen Klasse nicht bekannt ist|Bilder, von keinem ist die Klasse bekannt",
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
