/** @file A user's own objective, from a module to help, pictures and recipes. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { folderWithModel, limpid } from "../../test/command-line.ts";
import { maximizeSchema } from "../app/maximize/schema.ts";
import { recipeSchema } from "../optvis/recipe.ts";

const module = fileURLToPath(new URL("../../test/modules/contrast.mjs", import.meta.url));

let folder: string;
const at = (...names: readonly string[]) => join(folder, ...names);

beforeAll(async () => {
  folder = await folderWithModel();
});
afterEach(() => {
  for (const name of ["out", "again"]) rmSync(at(name), { recursive: true, force: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const maximize = (...options: readonly string[]) => {
  const units = ["--target", "features:0,features:1", "--steps", "4", "--out", at("out")];
  return limpid("maximize", at("good.onnx"), ...units, "--with", module, ...options);
};
const pictureIn = (name: string) => readFileSync(at(name, "features", "channel-0000.npy"));

describe("an objective of a module", () => {
  test("stands in help with its options", async () => {
    const { code, out } = await limpid("maximize", "--help", `--with=${module}`);
    expect(code).toBe(0);
    expect(out).toMatch(/contrast +the unit against all activations of its layer/);
    expect(out).toMatch(/rivals: how much the others count \(0\.5\)/);
  });

  test("makes other pictures as its option says, and its recipe the same again", async () => {
    const { code, out, err } = await maximize("--objective", "contrast(rivals=2)", "--json");
    expect(code, err).toBe(0);
    expect(v.parse(maximizeSchema, JSON.parse(out)).units).toHaveLength(2);
    const recipe = v.parse(
      recipeSchema,
      JSON.parse(readFileSync(at("out", "recipe.json"), "utf8")),
    );
    expect(recipe.objective).toEqual([{ name: "contrast", weight: 1, options: { rivals: 2 } }]);
    const again = ["--recipe", at("out", "recipe.json"), "--out", at("again"), "--with", module];
    expect((await limpid("maximize", ...again)).code).toBe(0);
    const made = pictureIn("out");
    expect(pictureIn("again")).toEqual(made);
    rmSync(at("out"), { recursive: true });
    await maximize("--objective", "contrast");
    expect(pictureIn("out")).not.toEqual(made);
  });

  test("refuses an option out of its range", async () => {
    const { code, err } = await maximize("--objective", "contrast(rivals=5)");
    expect(code).toBe(1);
    expect(err).toMatch(/rivals: it must be from 0 to 4, got "5"/);
  });
});

test.each([
  ["a name that is taken", "evidence", "{}", /a name of its own, got "evidence"/],
  ["a name that is none", "Big Contrast", "{}", /small letters and digits/],
  ["nothing but a name", "mine", "{}", /got none of description, of .*, options, build/],
  [
    "a photo that is no option",
    "mine",
    "{ description: '', of: 'layer', options: {}, photo: 'photo', build() {} }",
    /the text option photo/,
  ],
])("%s is one line", async (what, name, entry, message) => {
  const path = at(`${what.replaceAll(" ", "-")}.mjs`);
  const call = `registerObjective("${name}", ${entry})`;
  writeFileSync(path, `export const addTo = ({ registerObjective }) => ${call};`);
  const { code, err } = await limpid("maximize", "--with", path, "--help");
  expect(code).toBe(1);
  expect(err).toMatch(message);
  expect(err.trim().split("\n")).toHaveLength(1);
});
