/** @file Words for a cell of an activation atlas. */
import type { AtlasCell, AtlasCells } from "../../../src/atlas/site/site-data.ts";
import { shownText } from "../../../src/wording/shown-text.ts";
import type { ViewTexts } from "./view-texts.ts";

/** "Row 3, column 7", counted from 1. */
export function cellName(texts: ViewTexts, { row, column }: AtlasCell): string {
  return `${texts.cellRow} ${row + 1}, ${texts.cellColumn} ${column + 1}`;
}

/** Folders of its places' photos, with how many places are of each. */
export function foldersText({ folders = [] }: AtlasCells, cell: AtlasCell): string {
  return (cell.folders ?? [])
    .map(([folder, places]) => `${shownText(folders[folder]!)} ${places}`)
    .join(", ");
}
