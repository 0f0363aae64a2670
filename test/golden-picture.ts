/** @file Compares what is drawn with what is kept, which a person has looked at. `npm run golden` renews it. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import sharp from "sharp";
import { decodePicture } from "../src/node/codecs.ts";
import type { Picture } from "../src/image/picture.ts";
import { ssim } from "./ssim.ts";

/** Pictures are kept here, and changed ones written beside them as NAME-changed. */
const goldenFolder = join(import.meta.dirname, "golden-pictures");

/** Names of what was drawn while goldens are renewed, a line each; undefined where they are compared. */
const drawnList = process.env["LIMPID_GOLDENS_DRAWN"];

/** Kept pictures have 31 levels a channel, black and white among them, which makes files a third as large. */
const levelStep = 8.5;
/** Half a level, and what other processors may round otherwise; the share may differ by more. */
const tolerance = { step: 6, share: 1e-5 } as const;
/** Browsers of other versions smooth letters otherwise, but no letter is missing. */
const leastLikeness = { mean: 0.97, worst: 0.6 } as const;

/** A kind of file, and what is wrong with one beside the kept one. */
interface GoldenKind<T> {
  readonly ending: string;
  encode(actual: T): Promise<Uint8Array>;
  problem(kept: Uint8Array, actual: T): Promise<string | undefined>;
}

const drawnPicture: GoldenKind<Picture> = {
  ending: "png",
  encode: encodeGolden,
  problem: async (kept, actual) => differences(await decodePicture(kept, "golden"), actual),
};

const shownPicture: GoldenKind<Picture> = {
  ending: "png",
  encode: encodeGolden,
  problem: async (kept, actual) =>
    unlikeness(await decodePicture(kept, "golden"), inLevels(actual)),
};

const chart: GoldenKind<string> = {
  ending: "svg",
  encode: async (actual) => Buffer.from(actual),
  problem: async (kept, actual) =>
    Buffer.from(kept).toString() === actual ? undefined : "another text",
};

/** Fails unless the picture is test/golden-pictures/NAME.png but for rounding. */
export function expectGolden(name: string, actual: Picture): Promise<void> {
  return expectKept(name, actual, drawnPicture);
}

/** Fails unless the picture looks like test/golden-pictures/NAME.png, for what a browser drew. */
export function expectGoldenLook(name: string, actual: Picture): Promise<void> {
  return expectKept(name, actual, shownPicture);
}

/** Fails unless the chart is test/golden-pictures/NAME.svg to the byte. */
export function expectGoldenChart(name: string, actual: string): Promise<void> {
  return expectKept(name, actual, chart);
}

/** Without a kept file the test fails too: what nobody has looked at is no golden. */
async function expectKept<T>(name: string, actual: T, kind: GoldenKind<T>): Promise<void> {
  const path = join(goldenFolder, `${name}.${kind.ending}`);
  const changed = join(goldenFolder, `${name}-changed.${kind.ending}`);
  const kept = existsSync(path) ? readFileSync(path) : undefined;
  const problem = kept ? await kind.problem(kept, actual) : "nothing is kept yet";
  rmSync(changed, { force: true });
  if (drawnList !== undefined) {
    appendFileSync(drawnList, `${name}.${kind.ending}\n`);
    mkdirSync(goldenFolder, { recursive: true });
    if (problem !== undefined) writeFileSync(path, await kind.encode(actual));
    return;
  }
  if (problem !== undefined) writeFileSync(changed, await kind.encode(actual));
  const advice = `${name} differs: see ${name}-changed.${kind.ending} beside it, or npm run golden`;
  expect(problem, advice).toBeUndefined();
}

/** The picture as it is kept. */
export function inLevels(source: Picture): Picture {
  const data = source.data.map((value) => Math.round(Math.round(value / levelStep) * levelStep));
  return { ...source, data };
}

/** The smallest file, which takes longer than what commands write. */
function encodeGolden(actual: Picture): Promise<Uint8Array> {
  const { widthPx: width, heightPx: height, channels, data } = inLevels(actual);
  return sharp(data, { raw: { width, height, channels } }).png({ compressionLevel: 9 }).toBuffer();
}

function sizeProblem(kept: Picture, actual: Picture): string | undefined {
  const [was, is] = [kept, actual].map(
    ({ widthPx, heightPx, channels }) => `${widthPx} x ${heightPx} x ${channels}`,
  );
  return was === is ? undefined : `size ${is} instead of ${was}`;
}

/** What differs between a picture and the one that is kept; undefined if it is the same but for rounding. */
export function differences(kept: Picture, actual: Picture): string | undefined {
  const problem = sizeProblem(kept, actual);
  if (problem !== undefined) return problem;
  let count = 0;
  for (let i = 0; i < kept.data.length; i++) {
    if (Math.abs(kept.data[i]! - actual.data[i]!) > tolerance.step) count += 1;
  }
  return count > tolerance.share * kept.data.length ? `${count} values` : undefined;
}

/** What makes a picture look unlike the one that is kept; undefined if it looks the same. */
export function unlikeness(kept: Picture, actual: Picture): string | undefined {
  const problem = sizeProblem(kept, actual);
  if (problem !== undefined) return problem;
  const { mean, worst } = ssim(kept, actual);
  return mean >= leastLikeness.mean && worst >= leastLikeness.worst
    ? undefined
    : `likeness ${mean.toFixed(4)}, of the least similar block ${worst.toFixed(3)}`;
}
