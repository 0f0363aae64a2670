/** @file `npm run size`: files, lines and the median and the longest file of each room, tests aside. */
import { fileURLToPath } from "node:url";
import { sourcesOf } from "./walls.ts";

interface Sized {
  readonly file: string;
  readonly lines: number;
}

function sizes(): Map<string, Sized[]> {
  const found = new Map<string, Sized[]>([["all", []]]);
  for (const [file, text] of sourcesOf(fileURLToPath(new URL("../src", import.meta.url)))) {
    const sized = { file, lines: text.split("\n").length - 1 };
    const room = file.includes("/") ? file.split("/")[0]! : "src";
    for (const name of ["all", room]) found.set(name, [...(found.get(name) ?? []), sized]);
  }
  return found;
}

function median(sorted: readonly Sized[]): number {
  return sorted[Math.floor(sorted.length / 2)]!.lines;
}

console.log("room          files   lines  median  longest");
for (const [room, files] of [...sizes()].toSorted(([a], [b]) => a.localeCompare(b))) {
  const sorted = files.toSorted((a, b) => a.lines - b.lines);
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  const longest = sorted.at(-1)!;
  const numbers = [files.length, lines, median(sorted)].map((n) => String(n).padStart(8)).join("");
  console.log(`${room.padEnd(11)}${numbers}  ${longest.lines} ${longest.file}`);
}
