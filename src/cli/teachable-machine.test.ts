/** @file `limpid attribute` on a project of Teachable Machine, as a folder and as the archive that its page saves. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderWithModel, limpid } from "../../test/command-line.ts";
import { recordOf } from "../../test/attribute-command.ts";
import { imageMetadata, imageProject } from "../../test/tfjs/teachable-machine.ts";

let folder: string;
const at = (...names: readonly string[]) => join(folder, ...names);

beforeAll(async () => {
  folder = await folderWithModel();
  const files = await imageProject(3);
  mkdirSync(at("my_model"));
  for (const [name, bytes] of files) writeFileSync(at("my_model", name), bytes);
  writeFileSync(at("converted_tfjs.zip"), zipSync(Object.fromEntries(files)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(["my_model", "converted_tfjs.zip", join("my_model", "model.json")])(
  "%s says its label, without an option",
  async (model) => {
    const asked = ["--out", at("map.png"), "--json"];
    const { code, out, err } = await limpid("attribute", at(model), at("good.png"), ...asked);
    expect(err).not.toMatch(/assumed|--preprocess/);
    expect(code).toBe(0);
    const [result] = recordOf(out).results;
    expect(imageMetadata.labels.map((label) => label.trim())).toContain(result!.label?.trim());
  },
);

test("layers have the names that the maker gave them", async () => {
  const asked = ["--layer", "block_1_depthwise", "--out", at("map.png"), "--json"];
  const { out } = await limpid("attribute", at("my_model"), at("good.png"), ...asked);
  expect(recordOf(out).results.map(({ layer }) => layer)).toEqual(["block_1_depthwise"]);
});
