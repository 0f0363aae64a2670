/** @file What the page says of files that are dropped on it. */

import type { ViewPart } from "../../unknown-parts.ts";

export const fileEnglish = {
  notices: "Notices on files",
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
    entry: "entry of the address",
  },
  forget: "Forget",
} as const;

export type FileTexts = Readonly<Record<Exclude<keyof typeof fileEnglish, "viewParts">, string>> & {
  readonly viewParts: Readonly<Record<ViewPart, string>>;
};
