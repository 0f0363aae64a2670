/** @file `limpid attribute` of several files through the front door. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AttributeFolder, rawOf, recordIn, recordOf } from "../../test/attribute-command.ts";
import { run } from "./run.ts";

let folder: AttributeFolder;
const at = (name: string) => folder.at(name);
const attribute: AttributeFolder["attribute"] = (...given) => folder.attribute(...given);

beforeAll(async () => {
  folder = await AttributeFolder.create();
});
afterAll(() => folder.remove());

describe("several files", () => {
  test("have a folder each, and one report", async () => {
    const out = at("many");
    const { code, out: text } = await attribute(["photos", "two.npy"], "--out", out);
    expect(code).toBe(0);
    expect(text).toMatch(/photos\/a\.png:\n.*photos\/b\.png:\n/s);
    expect(readdirSync(out).sort()).toEqual(["a", "b", "results.json", "two"]);
    const report = recordIn(out);
    expect(report.results.map(({ file }) => file)).toEqual([
      join("a", "grad-cam.npy"),
      join("b", "grad-cam.npy"),
      join("two", "grad-cam.npy"),
      join("two", "grad-cam.npy"),
    ]);
    expect(rawOf(join(out, "two", "grad-cam.npy")).dims).toEqual([2, 6, 6]);
  });

  test("a broken one is a line, and the others go on", async () => {
    writeFileSync(at("text.png"), "no picture");
    const { code, out, err } = await attribute(["text.png", "good.png"], "--json");
    expect(code).toBe(1);
    expect(err).toMatch(/^limpid: text\.png: .*picture/);
    const { results, failures } = recordOf(out);
    expect(results).toHaveLength(1);
    expect(failures).toMatchObject([{ input: at("text.png") }]);
  });

  test("a folder with broken pictures is explained but for these", async () => {
    mkdirSync(at("mixed"));
    const good = readFileSync(at("good.png"));
    writeFileSync(at(join("mixed", "a.png")), "no picture");
    writeFileSync(at(join("mixed", "b.png")), good);
    writeFileSync(at(join("mixed", "c.png")), good.subarray(0, 60));
    writeFileSync(at(join("mixed", "d.jpg")), "");
    writeFileSync(at(join("mixed", "e.png")), good);
    const out = at("mixed-maps");
    const { code, err } = await attribute(["mixed"], "--method", "grad-cam,gradient", "--out", out);
    expect(code).toBe(1);
    const lines = err.trim().split("\n");
    expect(lines.map((line) => /^limpid: ([acd]\.\w+|attribute): /.exec(line)?.[1])).toEqual([
      "a.png",
      "c.png",
      "d.jpg",
      "attribute",
    ]);
    expect(readdirSync(out).sort()).toEqual(["b", "e", "results.json"]);
    const report = recordIn(out);
    expect([report.results.length, report.failures.length]).toEqual([4, 3]);
  });

  test("a target that one of them cannot have is a line, and the others go on", async () => {
    const inputs = ["good.png", "two.npy", "photos"];
    const { code, out, err } = await attribute(inputs, "--target", "1,2,3", "--json");
    expect(code).toBe(1);
    expect(err).toMatch(/^limpid: two\.npy: .*one a picture/);
    const { results, failures } = recordOf(out);
    expect(results.map(({ input }) => input)).toEqual(
      ["good.png", join("photos", "a.png"), join("photos", "b.png")].flatMap((name) =>
        Array<string>(3).fill(at(name)),
      ),
    );
    expect(failures).toMatchObject([{ input: at("two.npy") }]);
  });

  test("a target that none can have is one line, and nothing is written", async () => {
    const out = at("no-target");
    const { code, err } = await attribute(["photos", "two.npy"], "--target", "9", "--out", out);
    expect(code).toBe(1);
    expect(err).toMatch(/^limpid: target: .* from 0 to 3, got 9.*\n$/);
    expect(existsSync(out)).toBe(false);
  });

  test("a run that is stopped keeps what is done, and says what is left", async () => {
    const out = at("stopped");
    const signal = { aborted: false };
    let [text, err] = ["", ""];
    const io = {
      // The first file's line comes when its maps are written.
      out: (more: string) => {
        text += more;
        signal.aborted = true;
      },
      err: (more: string) => void (err += more),
      signal,
      isWatched: false,
    };
    const argv = ["attribute", at("good.onnx"), at("photos"), at("two.npy"), "--out", out];
    expect(await run(argv, io)).toBe(130);
    expect(err).toMatch(/^limpid: attribute: .*stopped/);
    expect(text).toMatch(/wrote .*results\.json/);
    expect(readdirSync(out).sort()).toEqual(["a", "results.json"]);
    const report = recordIn(out);
    expect(report.results.map(({ file }) => file)).toEqual([join("a", "grad-cam.npy")]);
    expect(report.failures).toEqual([
      { input: at(join("photos", "b.png")), message: "stopped before it was done" },
      { input: at("two.npy"), message: "stopped before it was done" },
    ]);
  });

  test.each([
    ["a figure for several files", ["photos", "good.png"], ["--out", "x.png"], /a folder for 3/],
    ["numbers of several maps", ["photos"], ["--raw", "x.npy"], /raw: there must be one method/],
    ["a folder without pictures", ["empty"], [], /must hold pictures/],
  ])("%s is refused", async (_, inputs, options, message) => {
    mkdirSync(at("empty"), { recursive: true });
    const { code, err } = await attribute(inputs, ...options);
    expect(code).toBe(1);
    expect(err).toMatch(message);
  });
});
