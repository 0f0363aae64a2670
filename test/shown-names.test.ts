/** @file Names that hold commands for a terminal, or letters that turn or hide others: no output of any job does what they say. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { encodeOnnx } from "../src/formats/onnx/encode.ts";
import type { Graph } from "../src/graph/graph.ts";
import { encodePng } from "../src/node/codecs.ts";
import { metadataKeys } from "../src/graph/metadata.ts";
import { limpid, smallNetwork, type Outcome } from "./command-line.ts";
import { renamed } from "./renamed-graph.ts";

/** What no output may hold, breaks of lines aside. */
const doing = /(?!\n)[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Cs}/u;

const commands = [
  "\u001b[2J\u001b[31m",
  "\u001b]0;title\u0007",
  "\nlimpid: forged\n",
  "\r\u001b[Kforged",
  "\u009b31m",
  "\u202egnp.exe\u2066",
  "\u200b\ufeff\u2028\u2029",
  "\u0001\u007f\b\t",
  "</script><script>forged</script>",
  '" onload="forged',
  "&#27;[31m",
];

/** A name with two of them; marked, so that no two of a network are alike. */
const nameOf = fc
  .tuple(
    fc.constantFrom(...commands),
    fc.string({ unit: "binary", maxLength: 4 }),
    fc.constantFrom(...commands),
  )
  .map(([before, middle, after]) => `${before}${middle.replaceAll("\0", "")}${after}`);

const picture = {
  widthPx: 8,
  heightPx: 8,
  channels: 3,
  data: Uint8Array.from({ length: 192 }, (_, i) => (i * 37) % 256),
} as const;

const plain = smallNetwork((i) => Math.sin(i));
const oldNames = ["x", "w", "features", "logits", "probabilities", plain.nodes[0]!.outputs[0]!];

function networkOf(names: readonly string[]): Graph {
  const graph = renamed(plain, new Map(oldNames.map((old, i) => [old, `${names[i]}${i}`])));
  const nodes = graph.nodes.map((node, i) => ({ ...node, name: `${names[i]}node` }));
  const classes = names.slice(0, 4).map((name, i) => `${name}${i}`);
  const metadata = new Map([[metadataKeys.classes, JSON.stringify(classes)]]);
  return { ...graph, nodes, metadata };
}

/** Text files of a folder and those in it. */
function textsOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(json|svg|html)$/.test(file))
    .map((file) => readFileSync(join(folder, file), "utf8"));
}

function expectShown(text: string): void {
  expect(doing.exec(text)?.[0] ?? "nothing", text).toBe("nothing");
  expect(text).not.toMatch(/^limpid: forged/m);
}

function expectJson({ code, out, err }: Outcome): void {
  expect(code, err).toBe(0);
  expect(() => JSON.parse(out) as unknown).not.toThrow();
}

/** All jobs on the network; each in words, and some as JSON. */
async function outcomesOf(folder: string, photo: string): Promise<readonly Outcome[]> {
  const model = join(folder, "net.onnx");
  const out = (name: string) => join(folder, "out", name);
  const prepared = ["--preprocess", "unit"] as const;
  const attributed = [
    "attribute",
    model,
    photo,
    ...prepared,
    "--method",
    "gradient,grad-cam",
  ] as const;
  const maximized = ["maximize", model, ...prepared, "--class", "0", "--steps", "1"] as const;
  const json = [
    await limpid("inspect", model, "--json"),
    await limpid(...attributed, "--json"),
    await limpid("activations", model, photo, ...prepared, "--out", out("act"), "--json"),
    await limpid(...maximized, "--out", out("max"), "--json"),
    await limpid("check", model, photo, ...prepared, "--json"),
  ];
  for (const outcome of json) expectJson(outcome);
  return [
    ...json,
    await limpid("inspect", model),
    await limpid(...attributed, "--target", "0,1", "--out", out("maps")),
    await limpid(...attributed, "--layer", "zzz", "--out", out("none.png")),
    await limpid(...attributed, "--target", "no such class", "--out", out("none.png")),
    await limpid("activations", model, photo, ...prepared, "--out", out("act")),
    await limpid("activations", model, join(folder, "photos"), ...prepared, "--out", out("set")),
    await limpid(...maximized, "--out", out("max")),
    await limpid("check", model, photo, ...prepared),
    await limpid("inspect", join(folder, "none\u001b[31m.onnx")),
    await limpid("inspect", model, "--none\u001b[31m"),
  ];
}

test("no output of a job does what names say", { timeout: 60_000 }, async () => {
  const png = await encodePng(picture);
  await fc.assert(
    fc.asyncProperty(fc.array(nameOf, { minLength: 6, maxLength: 6 }), async (names) => {
      const folder = mkdtempSync(join(tmpdir(), "limpid-shown-"));
      writeFileSync(join(folder, "net.onnx"), encodeOnnx(networkOf(names)).bytes);
      const photo = join(folder, "pho\u001b[31mto\n\u202e.png");
      writeFileSync(photo, png);
      mkdirSync(join(folder, "photos", "cl\u001b]0;ass"), { recursive: true });
      mkdirSync(join(folder, "photos", "b"));
      for (const name of [
        "cl\u001b]0;ass/a\n.png",
        "cl\u001b]0;ass/b.png",
        "b/c.png",
        "b/bro\u001bken.png",
      ])
        writeFileSync(join(folder, "photos", name), name.includes("bro") ? "no picture" : png);
      for (const { code, out, err } of await outcomesOf(folder, photo)) {
        expect([0, 1, 2], err).toContain(code);
        expectShown(out);
        expectShown(err);
      }
      for (const text of textsOf(join(folder, "out"))) expectShown(text);
    }),
    { numRuns: 2 },
  );
});
