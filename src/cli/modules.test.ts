/** @file A user's own attribution method, from a module to help, maps, figure and record. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderWithModel, limpid } from "../../test/command-line.ts";
import { attributionSchema } from "../app/attribute/schema.ts";
import { decodeNpy } from "../formats/npy.ts";
import { toNumbers } from "../graph/tensor.ts";
import { decodePicture } from "../node/codecs.ts";

const module = fileURLToPath(new URL("../../test/modules/gradient-size.mjs", import.meta.url));

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await folderWithModel();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const attribute = (...options: readonly string[]) =>
  limpid("attribute", at("good.onnx"), at("good.png"), "--with", module, ...options);
const numbersIn = (name: string) => toNumbers(decodeNpy(new Uint8Array(readFileSync(at(name)))));

describe("a method of a module", () => {
  test("stands in help with its options", async () => {
    const { code, out } = await limpid("attribute", "--help", `--with=${module}`);
    expect(code).toBe(0);
    expect(out).toMatch(/gradient-size +how strongly the score changes/);
    expect(out).toMatch(/--power: what the size is raised to \(1\)/);
    expect(out).toMatch(/--power <number> +what the size is raised to\s+\(gradient-size\)/);
    expect(out).toMatch(/--samples: not used \(one a picture\)/);
  });

  test("is run with its options, alone and among others", async () => {
    const method = ["--method", "gradient-size", "--power", "2"];
    const { code, err } = await attribute(...method, "--raw", at("size.npy"));
    expect([code, err]).toEqual([0, ""]);
    await attribute("--method", "gradient", "--raw", at("slope.npy"));
    const slopes = numbersIn("slope.npy");
    const sizes = numbersIn("size.npy");
    for (const [i, slope] of slopes.entries()) expect(sizes[i]).toBeCloseTo(slope ** 2, 6);
    const { out } = await attribute("--method", "gradient,gradient-size", "--json");
    const { results } = v.parse(attributionSchema, JSON.parse(out));
    expect(results.map((result) => result.method)).toEqual(["gradient", "gradient-size"]);
  });

  test("has a cell with its title in the figure", async () => {
    const drawn = async (methods: string, file: string) => {
      const { code } = await attribute("--method", methods, "--out", at(file));
      expect(code).toBe(0);
      return decodePicture(new Uint8Array(readFileSync(at(file))), file);
    };
    const one = await drawn("gradient,input-x-gradient", "two.png");
    const more = await drawn("gradient,input-x-gradient,gradient-size", "three.png");
    expect(more.widthPx).toBeGreaterThan(one.widthPx);
  });

  test.each([
    ["5", /^limpid: power: it must be over 0 and to 4, got "5"/],
    ["much", /^limpid: power: it must be over 0 and to 4, got "much"/],
  ])("refuses an option out of its range: %s", async (power, message) => {
    const { code, err } = await attribute("--method", "gradient-size", "--power", power);
    expect(code).toBe(1);
    expect(err).toMatch(message);
  });
});

describe("a module", () => {
  test.each([
    ["that is missing", undefined, /with: module ".*" must load, got an error/],
    ["that throws", "throw new Error('no luck')", /must load, got an error: no luck/],
    ["without a function", "export const one = 1;", /must export a function addTo, got undefined/],
    [
      "with a name that is taken",
      "export const addTo = (limpid) => limpid.registerMethod('lime', limpid.attributionMethods.rise)",
      /method: a new method must have a name of its own, got "lime"/,
    ],
  ])("%s is one line", async (name, text, message) => {
    const path = at(`${name.replaceAll(" ", "-")}.mjs`);
    if (text !== undefined) writeFileSync(path, text);
    const { code, err } = await limpid("attribute", "--with", path, "--help");
    expect(code).toBe(1);
    expect(err).toMatch(message);
    expect(err.trim().split("\n")).toHaveLength(1);
  });
});
