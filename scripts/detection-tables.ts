/** @file The tables of docs/detection.md that are made from the code. */
import { detectionLayouts } from "../src/network/detection/layouts/index.ts";
import { markdownTable } from "./markdown-table.ts";

function layouts(): string {
  const rows = Object.entries(detectionLayouts).map(([name, { networks, outputs }]) => [
    `\`${name}\``,
    networks,
    outputs,
  ]);
  return markdownTable(["layout", "networks", "outputs"], rows);
}

export const detectionTables = { layouts };
