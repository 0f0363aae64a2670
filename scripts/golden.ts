/**
 * @file Draws all golden pictures anew and writes out/golden/index.html: each that changed beside what was kept and the
 * difference, then all others. Look at them before they are committed.
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { decodePicture, encodePng } from "../src/node/codecs.ts";
import { picture, toRgb } from "../src/image/picture.ts";

const root = join(import.meta.dirname, "..");
const goldenFolder = join(root, "test", "golden-pictures");
const out = join(root, "out", "golden");
const drawnList = join(out, "drawn.txt");

/** What became of a golden picture. */
interface Outcome {
  readonly name: string;
  readonly state: "new" | "changed" | "same" | "not drawn";
  /** File of the difference in `out`. */
  readonly difference?: string;
}

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "kept"), { recursive: true });
if (existsSync(goldenFolder)) cpSync(goldenFolder, join(out, "kept"), { recursive: true });
writeFileSync(drawnList, "");

const tests = [
  "test/pictures",
  "test/browser/report-pictures.test.ts",
  "test/browser/explorer-pictures.test.ts",
];
const { status } = spawnSync("npx", ["vitest", "run", ...tests], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, LIMPID_GOLDENS_DRAWN: drawnList },
});

const drawn = new Set(readFileSync(drawnList, "utf8").split("\n"));
const outcomes: Outcome[] = [];
for (const name of readdirSync(goldenFolder).sort()) outcomes.push(await outcomeOf(name));
cpSync(goldenFolder, join(out, "drawn"), { recursive: true });
writeFileSync(join(out, "index.html"), page(outcomes));
for (const { name, state } of outcomes) {
  if (state !== "same") console.log(`${state.padEnd(9)} ${name}`);
}
console.log(`${outcomes.length} golden pictures; see ${join("out", "golden", "index.html")}`);
process.exitCode = status ?? 1;

async function outcomeOf(name: string): Promise<Outcome> {
  if (!drawn.has(name)) return { name, state: "not drawn" };
  const before = join(out, "kept", name);
  if (!existsSync(before)) return { name, state: "new" };
  const [kept, now] = [readFileSync(before), readFileSync(join(goldenFolder, name))];
  if (kept.equals(now)) return { name, state: "same" };
  if (!name.endsWith(".png")) return { name, state: "changed" };
  const difference = `difference-${name}`;
  const shown = await differenceOf(kept, now);
  if (!shown) return { name, state: "changed" };
  writeFileSync(join(out, difference), shown);
  return { name, state: "changed", difference };
}

/** White where both are the same, the darker the more they differ; undefined for other sizes. */
async function differenceOf(before: Uint8Array, after: Uint8Array) {
  const kept = toRgb(await decodePicture(before, "kept"));
  const now = toRgb(await decodePicture(after, "drawn"));
  if (kept.widthPx !== now.widthPx || kept.heightPx !== now.heightPx) return undefined;
  const data = kept.data.map((value, i) => 255 - Math.min(255, 4 * Math.abs(value - now.data[i]!)));
  return encodePng(picture(kept.widthPx, kept.heightPx, 3, data));
}

function page(all: readonly Outcome[]): string {
  const order = ["changed", "new", "not drawn", "same"] as const;
  const parts = order.map((state) => {
    const of = all.filter((one) => one.state === state);
    return of.length === 0 ? "" : `<h2>${of.length} ${state}</h2>${of.map(entry).join("")}`;
  });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Golden pictures</title>
<style>body{font:15px system-ui,sans-serif;margin:2rem;background:#fff;color:#222}figure{margin:0 0 2.5rem}
div{display:flex;gap:1rem;align-items:start;overflow-x:auto}img{border:1px solid #ddd;max-width:none}
figcaption{font-weight:600;margin-bottom:.4rem}span{display:block;color:#666}</style>
<h1>Golden pictures</h1>${parts.join("")}</html>\n`;
}

function entry({ name, state, difference }: Outcome): string {
  const shown = (words: string, file: string) =>
    `<p><span>${words}</span><img src="${file}" alt="${words}: ${name}"></p>`;
  const pictures = [
    ...(state === "changed" ? [shown("kept", `kept/${name}`)] : []),
    shown(state === "changed" ? "drawn now" : state, `drawn/${name}`),
    ...(difference === undefined ? [] : [shown("difference, four times as strong", difference)]),
  ];
  return `<figure><figcaption>${name}</figcaption><div>${pictures.join("")}</div></figure>`;
}
