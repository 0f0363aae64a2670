/** @file What the page says of a folder of pictures. */
import type { JudgedOrder } from "../../folder/judged-list.ts";

export const folderEnglish = {
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
  withoutLabels:
    "picture, of which the class is not known|pictures, of none of which the class is known",
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
  Record<Exclude<keyof typeof folderEnglish, "judgedOrders">, string>
> & {
  readonly judgedOrders: Readonly<Record<JudgedOrder, string>>;
};
