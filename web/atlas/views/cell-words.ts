/** @file Words for a cell of an activation atlas. */
import type { AtlasCell, AtlasCells } from "../../../src/atlas/site/site-data.ts";
import { formatNumber } from "../../../src/wording/numbers.ts";
import type { ViewTexts } from "./view-texts.ts";

/** "Row 3, column 7", counted from 1. */
export function cellName(texts: ViewTexts, { row, column }: AtlasCell): string {
  return `${texts.cellRow} ${row + 1}, ${texts.cellColumn} ${column + 1}`;
}

/** Classes that it speaks for, with what its places add to their logits. */
export function classesText(names: readonly string[] | undefined, cell: AtlasCell): string {
  return (cell.classes ?? [])
    .map(([number, mean, error]) => {
      const name = names?.[number];
      return `${name ?? number} ${formatNumber(mean, 2)} ± ${formatNumber(error, 1)}`;
    })
    .join(", ");
}

/** Folders of its places' photos, with how many places are of each. */
export function foldersText({ folders = [] }: AtlasCells, cell: AtlasCell): string {
  return (cell.folders ?? []).map(([folder, places]) => `${folders[folder]} ${places}`).join(", ");
}
