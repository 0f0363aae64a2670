/** @file The README's program as a reader would run it, on a network that ships and a drawn photo. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { picture } from "../src/image/picture.ts";
import { encodePng } from "../src/node/codecs.ts";
import { petScene } from "../src/drawn/pets.ts";
import { limpid } from "./command-line.ts";

const root = new URL("../", import.meta.url);
const folder = mkdtempSync(join(tmpdir(), "limpid-readme-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The first program of the README, with the sources in place of the installed package. */
function program(): string {
  const readme = readFileSync(new URL("README.md", root), "utf8");
  const [, code] = /^```ts\n([^]*?)^```$/m.exec(readme)!;
  return code!.replace('"limpid/node"', JSON.stringify(new URL("src/node.ts", root).href));
}

/** A drawn dog of 3 x 200 x 150, so that the example has to fit it. */
function drawnPhoto() {
  const [heightPx, widthPx] = [200, 150];
  const { picture: planes } = petScene(0, 1, [3, heightPx, widthPx]);
  const places = heightPx * widthPx;
  const data = Uint8Array.from({ length: 3 * places }, (_, i) =>
    Math.round(planes[(i % 3) * places + Math.floor(i / 3)]! * 255),
  );
  return picture(widthPx, heightPx, 3, data);
}

test("the README's program takes four lines", () => {
  expect(program().trim().split("\n")).toHaveLength(4);
});

test("the README's program finds what the command finds and writes its picture", async () => {
  symlinkSync(fileURLToPath(new URL("assets", root)), join(folder, "assets"));
  writeFileSync(join(folder, "photo.jpg"), await encodePng(drawnPhoto()));
  const told = "console.log(why.label, why.probability);";
  writeFileSync(join(folder, "example.mts"), `${program()}${told}`);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", import.meta.resolve("tsx"), "example.mts"],
    { cwd: folder },
  );
  const network = fileURLToPath(new URL("assets/networks/cats-dogs.onnx", root));
  const figure = join(folder, "command.png");
  const asked = [network, join(folder, "photo.jpg"), "--json", "--out", figure] as const;
  const { out } = await limpid("attribute", ...asked);
  const [found] = (JSON.parse(out) as { results: { label: string; probability: number }[] })
    .results;
  const [label, probability] = stdout.split(" ");
  expect(label).toBe(found!.label);
  expect(Number(probability)).toBeCloseTo(found!.probability, 6);
  expect(readFileSync(join(folder, "why.png")).equals(readFileSync(figure))).toBe(true);
});
