/** @file Compares a picture with the one that is kept, which a person has looked at. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { decodePicture, encodePng } from "../src/node/codecs.ts";
import type { Picture } from "../src/image/picture.ts";

const folder = join(import.meta.dirname, "golden-pictures");

/** Other processors may round a few pixels otherwise. */
const tolerance = { step: 2, share: 1e-4 } as const;

/**
 * Fails unless the picture is that of test/golden-pictures/NAME.png; a different one is written beside it as
 * NAME-changed.png. A picture that is not kept yet, or all with UPDATE_GOLDENS=1, is written: look at it.
 */
export async function expectGolden(name: string, actual: Picture): Promise<void> {
  const path = join(folder, `${name}.png`);
  const changed = join(folder, `${name}-changed.png`);
  if (process.env["UPDATE_GOLDENS"] === "1" || (!existsSync(path) && !process.env["CI"])) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, await encodePng(actual));
  }
  const kept = await decodePicture(readFileSync(path), path);
  const problem = difference(kept, actual);
  if (problem === undefined) rmSync(changed, { force: true });
  else writeFileSync(changed, await encodePng(actual));
  expect(problem, `${name} differs; compare it with ${name}-changed.png`).toBeUndefined();
}

function difference(kept: Picture, actual: Picture): string | undefined {
  const sizes = [kept, actual].map(
    ({ widthPx, heightPx, channels }) => `${widthPx} x ${heightPx} x ${channels}`,
  );
  if (sizes[0] !== sizes[1]) return `size ${sizes[1]} instead of ${sizes[0]}`;
  let count = 0;
  for (let i = 0; i < kept.data.length; i++) {
    if (Math.abs(kept.data[i]! - actual.data[i]!) > tolerance.step) count += 1;
  }
  return count > tolerance.share * kept.data.length ? `${count} values` : undefined;
}
