/** @file How far to believe maps of every kind of target, by the library and the command alike. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderWithModel, limpid } from "../../../test/command-line.ts";
import { shapeScene } from "../../drawn/shapes.ts";
import { open } from "../../node.ts";
import type { AttributionRecord } from "./schema.ts";

const networks = join(import.meta.dirname, "../../../assets/networks");

/** Pixels of a drawn scene. */
function shapes() {
  const [channels, side] = [3, 96] as const;
  const { picture } = shapeScene(1, 3, [channels, side, side]);
  const data = Uint8Array.from({ length: picture.length }, (_, i) => {
    const [place, c] = [Math.floor(i / channels), i % channels];
    return 255 * picture[c * side * side + place]!;
  });
  return { widthPx: side, heightPx: side, channels, data };
}

type Trust = NonNullable<AttributionRecord["results"][number]["trust"]>;

function expectWhole({ cells, fills, text }: Trust): void {
  expect(cells).toEqual([14, 14]);
  expect(fills.map(({ fill }) => fill)).toEqual(["mean", "blur"]);
  for (const { srg, deletion, insertion, shares, mostFirst, leastFirst } of fills) {
    expect(srg).toBeCloseTo(insertion! - deletion!, 5);
    expect([shares[0], shares.at(-1)]).toEqual([0, 1]);
    expect([mostFirst[0], mostFirst.at(-1)]).toEqual([leastFirst[0], leastFirst.at(-1)]);
  }
  expect(text[0]).toMatch(/^hiding what the map calls important first lowers the /);
}

describe("trust", () => {
  let folder: string;
  beforeAll(async () => (folder = await folderWithModel()));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("of boxes and of regions: hiding what matters first lowers the score more", async () => {
    for (const [network, target] of [
      ["shapes-detect", "box:0"],
      ["shapes-segment", "top"],
    ] as const) {
      const net = await open(join(networks, `${network}.onnx`));
      const { record } = await net.explain(shapes(), { target, method: "occlusion", trust: true });
      await net.close();
      const trust = record.results[0]!.trust!;
      expectWhole(trust);
      expect(trust.fills[0]!.srg).toBeGreaterThan(0);
      expect(trust.drawn?.layers).toBeGreaterThan(2);
    }
  }, 60_000);

  test("the command tells the same as the library, says what numbers mean, and nothing unasked", async () => {
    const paths = [join(folder, "good.onnx"), join(folder, "good.png"), "--preprocess", "unit"];
    const net = await open(paths[0]!, { preprocess: "unit" });
    const why = await net.explain(paths[1]!, { method: "gradient", trust: true });
    const plain = await net.explain(paths[1]!, { method: "gradient" });
    await net.close();
    expect(plain.record.results[0]!.trust).toBeUndefined();
    const { out } = await limpid(
      "attribute",
      ...paths,
      "--method",
      "gradient",
      "--trust",
      "--json",
    );
    const { results } = JSON.parse(out) as AttributionRecord;
    expect(results[0]!.trust).toEqual(JSON.parse(JSON.stringify(why.record.results[0]!.trust)));
    expect(why.notes.join(" ")).toContain("it proves no cause");
    const raw = join(folder, "map.npy");
    const text = await limpid(
      "attribute",
      ...paths,
      "--method",
      "gradient",
      "--trust",
      "--raw",
      raw,
    );
    expect(text.out).toMatch(/^ {2}trust: hiding what the map calls important first lowers/m);
  });
});
