#!/usr/bin/env node
/** @file The limpid command: what opens a network does so under guard, in a process of its own. */
import { extname } from "node:path";
import { unguarded } from "./unguarded.ts";

const argv = process.argv.slice(2);
// Nobody may read what goes wrong; the work goes on.
process.stderr.on("error", () => {});
const err = (text: string) => process.stderr.write(text);
const isWatched = process.stderr.isTTY;

const questions = new Set(["--help", "-h", "--version", "-V"]);
const named = argv.find((word) => !word.startsWith("-"));
const isLight =
  named === undefined || unguarded.has(named) || argv.some((word) => questions.has(word));

if (isLight) {
  const { runProcess } = await import("./process-run.ts");
  await runProcess(argv, { err, isWatched });
} else {
  const { runGuarded } = await import("../guard/guard.ts");
  const module = new URL(`guarded${extname(import.meta.url)}`, import.meta.url);
  process.exitCode = await runGuarded({ module, argv, err, isWatched });
}
