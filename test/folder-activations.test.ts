/** @file A folder of cats and dogs through GoogLeNet. Needs the material that LIMPID_MIRROR points at. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { limpid } from "./command-line.ts";

const mirror = process.env["LIMPID_MIRROR"];
const network = "weights/googlenet/bvlc_googlenet.onnx";
const isMissing = mirror === undefined || !existsSync(join(mirror, network));
const reason = "skipped: set LIMPID_MIRROR to a folder with GoogLeNet and photos of cats and dogs";
if (isMissing) process.stdout.write(`activations of a folder of photos are ${reason}\n`);

interface Report {
  readonly pictures: number;
  readonly layers: readonly {
    readonly name: string;
    readonly zeroShare: number;
    readonly classShare: { readonly accuracy: number; readonly interval: readonly number[] };
    readonly channels: readonly {
      readonly top: readonly { readonly value: number; readonly field: object }[];
    }[];
  }[];
}

describe.skipIf(isMissing)(
  `a folder of photos (${isMissing ? reason : "from LIMPID_MIRROR"})`,
  () => {
    test("late layers tell cats from dogs, the first one hardly; all zeros are in range", async () => {
      const folder = mkdtempSync(join(tmpdir(), "limpid-folder-"));
      try {
        for (const [many, one] of Object.entries({ cats: "cat", dogs: "dog" })) {
          mkdirSync(join(folder, "photos", many), { recursive: true });
          for (let i = 0; i < 30; i++) {
            const name = `${one}.${i}.jpg`;
            symlinkSync(
              resolve(mirror!, "cats-dogs/train", many, name),
              join(folder, "photos", many, name),
            );
          }
        }
        const layers = ["conv1/relu_7x7", "inception_3b/relu_3x3", "inception_5b/relu_1x1"];
        const asked = layers.flatMap((layer) => ["--layer", layer]);
        const options = ["--preprocess", "caffe", "--top", "3", "--out", join(folder, "out")];
        const argv = [join(mirror!, network), join(folder, "photos"), ...asked, ...options];
        const { code, err } = await limpid("activations", ...argv);
        expect(code, err).toBe(0);
        const text = readFileSync(join(folder, "out", "activations.json"), "utf8");
        const report = JSON.parse(text) as Report;
        expect(report.pictures).toBe(60);
        const [first, middle, last] = report.layers;
        expect(last!.classShare.accuracy).toBeGreaterThan(0.9);
        expect(first!.classShare.interval[1]!).toBeLessThan(last!.classShare.interval[0]!);
        expect(middle!.zeroShare).toBeGreaterThan(first!.zeroShare);
        // conv1 has 7 x 7 pixels in steps of 2, fewer at the borders alone.
        const [strongest] = first!.channels[32]!.top;
        expect(strongest!.field).toMatchObject({ widthPx: 7, heightPx: 7 });
        const values = report.layers.flatMap(({ channels }) =>
          channels.map(({ top }) => top.map(({ value }) => value)),
        );
        expect(values.every((list) => list.every((v, i) => i === 0 || v <= list[i - 1]!))).toBe(
          true,
        );
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  },
);
