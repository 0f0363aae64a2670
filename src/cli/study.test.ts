/** @file `limpid study` through the front door, on small untrained networks in place of those that ship. */
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderWithModel, limpid, type Outcome } from "../../test/command-line.ts";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import { preprocessings } from "../image/preprocess.ts";
import { studyRecordSchema, type StudyRecord } from "../report/record.ts";
import { describedNetwork } from "../train/described-network.ts";
import { exportNetwork } from "../train/export.ts";
import type { LayerDescription } from "../layers/layer.ts";
import { studyResultSchema } from "../study/study.ts";
import { run } from "./run.ts";

let folder: string;
const at = (...names: readonly string[]) => join(folder, ...names);
const environment = { ...process.env };

const conv = (name: string) =>
  ({ type: "conv2d", name, filters: 4, kernel: 3, activation: "relu" }) as const;

function writeNetwork(
  name: string,
  input: readonly [number, number, number],
  layers: readonly LayerDescription[],
  classes: readonly string[],
): void {
  const network = describedNetwork({ input, layers });
  const options = { classes, preprocessing: { ...preprocessings.unit, cropShare: 1 } };
  const { bytes } = encodeOnnx(exportNetwork(network, network, options));
  writeFileSync(at("shipped", `${name}.onnx`), bytes);
}

beforeAll(async () => {
  folder = await folderWithModel();
  mkdirSync(at("shipped"));
  const digits = Array.from({ length: 10 }, (_, digit) => String(digit));
  const dense = (units: number) => ({ type: "dense", name: "logits", units });
  const flat = { type: "flatten", name: "flatten" };
  const pool = (name: string) => ({ type: "maxPool", name });
  writeNetwork("mnist", [1, 28, 28], [conv("conv1"), pool("pool1"), flat, dense(10)], digits);
  const pets = [conv("conv1"), pool("pool1"), conv("conv2"), pool("pool2"), flat, dense(1)];
  for (const name of ["pets", "cats-dogs"]) writeNetwork(name, [3, 24, 24], pets, ["cat", "dog"]);
  delete process.env["LIMPID_MIRROR"];
  process.env["XDG_CACHE_HOME"] = mkdtempSync(join(tmpdir(), "limpid-cache-"));
});

afterAll(() => {
  rmSync(process.env["XDG_CACHE_HOME"]!, { recursive: true, force: true });
  process.env = environment;
  rmSync(folder, { recursive: true, force: true });
});

function study(out: string, ...argv: readonly string[]): Promise<Outcome> {
  return limpid(...commandLine(out, ...argv));
}

function commandLine(out: string, ...argv: readonly string[]): readonly string[] {
  return ["study", "--quick", "--offline", "--shipped", at("shipped"), "--out", at(out), ...argv];
}

/** Paths and digests of all pictures, charts and floats. */
function madeFiles(out: string): Readonly<Record<string, string>> {
  const paths = ["pictures", "charts", "data"].flatMap((kind) =>
    existsSync(at(out, kind)) ? readdirSync(at(out, kind)).map((name) => join(kind, name)) : [],
  );
  return Object.fromEntries(
    paths.toSorted().map((path) => {
      const digest = createHash("sha256")
        .update(readFileSync(at(out, path)))
        .digest("hex");
      return [path, digest];
    }),
  );
}

function recordIn(out: string): StudyRecord {
  return v.parse(studyRecordSchema, JSON.parse(readFileSync(at(out, "study.json"), "utf8")));
}

/** The record without what differs from run to run. */
function withoutTimes(record: unknown): unknown {
  return JSON.parse(
    JSON.stringify(record, (key, value: unknown) => (key === "seconds" ? 0 : value)),
  );
}

describe("the stand-in study", () => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await study("whole", "--json");
  }, 120_000);

  test("has all four parts, says what stands in for what, and has every file it names", () => {
    expect(outcome.code, outcome.err).toBe(0);
    const { page, record } = v.parse(studyResultSchema, JSON.parse(outcome.out));
    expect(page).toBe(at("whole", "index.html"));
    expect(record).toEqual(recordIn("whole"));
    expect(record.parts.map(({ name }) => name)).toEqual(["mnist", "cats", "vgg", "saliency"]);
    for (const wanted of ["MNIST", "photos of cats and dogs", "VGG16", "ouzels"]) {
      expect(outcome.err).toMatch(new RegExp(`note: .*instead of .*${wanted}`));
    }
    const figures = record.parts.flatMap(({ sections }) => sections.flatMap((one) => one.figures));
    expect(figures.length).toBeGreaterThan(10);
    expect(new Set(figures.map(({ id }) => id)).size).toBe(figures.length);
    for (const { cells, charts, floats } of figures) {
      const files = [
        ...cells.map(({ file }) => file),
        ...charts.map(({ file }) => file),
        ...floats,
      ];
      expect(files.filter((file) => !existsSync(at("whole", file)))).toEqual([]);
      expect(files.length).toBeGreaterThan(0);
    }
  });

  test("the page holds each part's stand-ins and every number of every claim", () => {
    const page = readFileSync(at("whole", "index.html"), "utf8");
    const { parts } = recordIn("whole");
    for (const { sources, sections } of parts) {
      expect(sources.some(({ standsFor }) => standsFor !== undefined)).toBe(true);
      for (const { measures } of sections.flatMap(({ claims }) => claims)) {
        for (const { shown, value } of measures) {
          expect(page).toContain(shown);
          expect(value === null || Number.isFinite(value)).toBe(true);
        }
      }
    }
    expect(page.match(/Stand-in:/g)!.length).toBeGreaterThanOrEqual(4);
  });

  test("stopped after two sections, the same command goes on and ends in the same bytes", async () => {
    const signal = {
      get aborted() {
        return existsSync(at("stopped", "sections", "mnist-units.json"));
      },
    };
    let err = "";
    const io = {
      out: () => undefined,
      err: (text: string) => void (err += text),
      signal,
      isWatched: false,
    };
    expect(await run(commandLine("stopped"), io)).toBe(130);
    expect(err).toMatch(/stopped, 2 of \d+ sections are in .*goes on with the rest/);
    expect(recordIn("stopped").parts.map(({ sections }) => sections.length)).toEqual([2]);
    const first = readFileSync(at("stopped", "sections", "mnist-units.json"), "utf8");
    expect((await study("stopped")).code).toBe(0);
    expect(readFileSync(at("stopped", "sections", "mnist-units.json"), "utf8")).toBe(first);
    expect(madeFiles("stopped")).toEqual(madeFiles("whole"));
    expect(withoutTimes(recordIn("stopped"))).toEqual(withoutTimes(recordIn("whole")));
  });

  test.each([
    ["of another form", (saved: string) => saved.replace('"figures"', '"pictures"')],
    [
      "with a wrong type inside",
      (saved: string) => saved.replace(/"shown": "[^"]*"/, '"shown": 1'),
    ],
  ])("a saved section %s is made anew", async (_, spoil) => {
    const path = at("spoiled", "sections", "mnist-accuracy.json");

    cpSync(at("whole"), at("spoiled"), { recursive: true });
    const saved = readFileSync(path, "utf8");
    writeFileSync(path, spoil(saved));
    expect(readFileSync(path, "utf8")).not.toBe(saved);
    const { code, err } = await study("spoiled", "--parts", "mnist");
    expect(code, err).toBe(0);
    const renewed = JSON.parse(readFileSync(path, "utf8")) as unknown;
    expect(withoutTimes(renewed)).toEqual(withoutTimes(JSON.parse(saved)));
    rmSync(at("spoiled"), { recursive: true });
  });

  test("a saved section that is no JSON is named, with the ways out", async () => {
    mkdirSync(at("text", "sections"), { recursive: true });
    writeFileSync(at("text", "sections", "mnist-accuracy.json"), "no JSON");
    const { code, err } = await study("text", "--parts", "mnist");
    expect(code).toBe(1);
    expect(err).toMatch(/mnist-accuracy\.json" must be JSON that "limpid study" wrote.*--out/);
  });

  test("another seed gives other pictures", async () => {
    const { code } = await study("seed", "--seed", "5", "--parts", "mnist");
    expect(code).toBe(0);
    const name = "pictures/mnist-units-0.png";
    expect(readFileSync(at("seed", name)).equals(readFileSync(at("whole", name)))).toBe(false);
    const [part, ...others] = recordIn("seed").parts;
    expect([part!.name, others]).toEqual(["mnist", []]);
  });
});

test("your own network and picture: the parts that apply", async () => {
  const argv = ["--model", at("good.onnx"), "--photos", at("good.png"), "--parts", "cats,saliency"];
  const { code, err } = await study("own", ...argv);
  expect(code, err).toBe(0);
  const { parts } = recordIn("own");
  expect(parts.map(({ name }) => name)).toEqual(["cats", "saliency"]);
  expect(parts[1]!.sections[0]!.tables[0]!.rows).toHaveLength(4);
});

describe("bad input", () => {
  const failures: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["an unknown part", ["--parts", "dogs"], /--parts: .*mnist, cats, vgg, saliency, got "dogs"/],
    ["photos that are not there", ["--photos", "nowhere"], /photos "nowhere" must exist/],
    ["an own network without photos", ["--model", "good.onnx", "--parts", "cats"], /need --photos/],
    ["a model that is none", ["--model", "good.png", "--parts", "vgg"], /good\.png/],
    ["a seed that is none", ["--seed", "x"], /--seed/],
  ];
  test.each(failures)("%s", async (_, options, message) => {
    const argv = options.map((option) => (option.startsWith("good.") ? at(option) : option));
    const { code, err } = await study("bad", ...argv);
    expect(code).toBe(1);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect(existsSync(at("bad"))).toBe(false);
  });

  test("no network to be had names the ways out", async () => {
    const argv = commandLine("none", "--parts", "mnist").with(4, at("nothing"));
    const { code, err } = await limpid(...argv);
    expect(code).toBe(1);
    expect(err).toMatch(/no mnist\.onnx ships.*--data.*--model/);
  });
});
