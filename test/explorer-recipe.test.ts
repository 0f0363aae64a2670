/** @file Recipes are one line whose words a shell hands over as they are, whatever files and layers are called. */
import { execFileSync } from "node:child_process";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { shippedNetworks } from "../src/fetch/shipped.ts";
import { mapRecipe, paintedRegionOf, pictureFile, unitRecipe } from "../web/page/results/recipe.ts";
import { namesOfCommand } from "../web/page/files/shipped-models.ts";

const seen = { data: [1, 2, 3, 255] };

// No argument holds the letter that ends texts in C.
const text = fc.string({ minLength: 1, unit: "binary" }).filter((each) => !each.includes("\0"));

/** The words that a shell makes of a line. */
function wordsOf(line: string): readonly string[] {
  const out = execFileSync("sh", ["-c", `printf '%s\\0' ${line}`], { encoding: "utf8" });
  return out.split("\0").slice(0, -1);
}

const valid = (each: string) => !/\p{Surrogate}/u.test(each);

test("a shell hands over names as they are, and none is taken for an option", () => {
  fc.assert(
    fc.property(
      text.filter(valid),
      text.filter(valid),
      text.filter(valid),
      (file, target, layer) => {
        const { command } = mapRecipe(
          { recipe: { network: file, isOfPage: false, labels: file } },
          { name: file, digest: "0", seen },
          { made: { method: "grad-cam", target, layer } },
        );
        const words = wordsOf(command);
        const path = file.startsWith("-") ? `./${file}` : file;
        expect(words.slice(0, 4)).toEqual(["limpid", "attribute", path, path]);
        const values = words.slice(4).join("\0");
        for (const [option, value] of Object.entries({ target, layer, labels: file })) {
          const isOne = value.startsWith("-");
          expect(values).toContain(`--${option}${isOne ? "=" : "\0"}${value}`);
        }
      },
    ),
    { numRuns: 40 },
  );
});

test("settings of the method stand in both, flags by themselves and colours as one word", () => {
  const settings = { signed: true, steps: 12, rule: "w-square", baseline: [1, 0, 0.5] };
  const { command, code } = mapRecipe(
    { recipe: { network: "pets", isOfPage: false } },
    { name: "cat.png", digest: "0", seen },
    { made: { method: "integrated-gradients", target: "top", layer: undefined, settings } },
  );
  expect(command).toBe(
    "limpid attribute pets cat.png --method integrated-gradients --target top --signed --steps 12 --rule w-square --baseline 1,0,0.5",
  );
  expect(code).toContain(`signed: true, steps: 12, rule: "w-square", baseline: [1,0,0.5]`);
});

test("a part that is painted is read of a file that must be saved first, a box is told in numbers", () => {
  const asked = (region?: string) => {
    const made = { method: "grad-cam", target: "top", layer: undefined };
    const map = { made, asked: { ...made, isChecked: false, ...(region ? { region } : {}) } };
    const { command, saves } = mapRecipe(
      { recipe: { network: "pets", isOfPage: false } },
      { name: "cat.png", digest: "0", seen },
      { ...map, ...(region?.startsWith("box") ? { box: "1,2,3,4" } : {}) },
    );
    return { saves, region: paintedRegionOf(map), options: command.split("--target top")[1] };
  };
  const painted = "painted_2x2_1.1.2";
  expect(asked(painted)).toEqual({
    saves: ["mask"],
    region: painted,
    options: " --mask cat-mask.png",
  });
  expect(asked("box_0_0_0.5_1")).toEqual({
    saves: [],
    region: undefined,
    options: " --box 1,2,3,4",
  });
  expect(asked()).toEqual({ saves: [], region: undefined, options: "" });
});

test("pictures that differ have files that differ, and the same has the same", () => {
  const data = fc.uint8Array({ minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(data, data, (one, other) => {
      const files = [one, other].map((each) =>
        pictureFile({ name: "drawn 1", seen: { data: each } }),
      );
      expect(files[0] === files[1]).toBe(String(one) === String(other));
      expect(files[0]).toMatch(/^drawn-1-[\da-f]{8}\.png$/);
    }),
  );
});

test("what the page made itself must be saved first, under the name that the recipe reads", () => {
  const made = { made: { method: "grad-cam", target: "top", layer: undefined } };
  const own = mapRecipe(
    { recipe: { network: "mnist.onnx", isOfPage: true } },
    { name: "drawn 1", seen },
    made,
  );
  expect(own.saves).toEqual(["network", "picture"]);
  expect(own.command).toContain(` ${pictureFile({ name: "drawn 1", seen })} `);
  const unit = unitRecipe(
    { recipe: { network: "pets", isOfPage: false } },
    { made: { layer: "conv4", channel: 5, side: 128, steps: 64, seed: 0 } },
  );
  expect(unit.saves).toEqual([]);
  expect(unit.command).toBe(
    "limpid maximize pets --layer conv4 --channel 5 --size 128 --steps 64 --seed 0",
  );
});

test("the names that the command knows are those that it ships", () => {
  expect([...namesOfCommand].toSorted()).toEqual(Object.keys(shippedNetworks).toSorted());
});
