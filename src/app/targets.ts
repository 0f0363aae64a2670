/** @file Targets as text, whose directions may lie in files. */
import { LimpidError } from "../errors.ts";
import type { Graph } from "../graph/graph.ts";
import { formatShape, toNumbers } from "../graph/tensor.ts";
import { answerOutputs, headOf } from "../network/head.ts";
import { layerNames } from "../network/layers.ts";
import type { NamedThings } from "../scores/parse-targets.ts";
import type { ClassTarget, Target } from "../scores/target.ts";
import type { Platform } from "./platform.ts";

const inFile = /direction\(([^()]*\.npy)\)/gi;

/**
 * The targets of a text as `parseTargets` reads them; a direction may also be `direction(FILE.npy)`, a tensor of one axis.
 * `graph` tells the names of layers and outputs. Throws `bad-option`, and `bad-file` for files that hold no such tensor.
 */
export async function readTargets(
  platform: Pick<Platform, "readBytes">,
  text: string,
  labels: readonly string[] | undefined,
  graph: Graph,
  { reference, outputs }: Pick<NamedThings, "reference" | "outputs"> = {},
): Promise<readonly Target[]> {
  const values = singles(graph);
  const plain = values.has(text) ? undefined : plainClass(text);
  if (plain) return [plain];
  let written = text;
  for (const [whole, path] of text.matchAll(inFile)) {
    const vector = await readVector(platform, path!.trim());
    written = written.replace(whole, () => `direction(${vector.join(",")})`);
  }
  const { parseTargets } = await import("../scores/parse-targets.ts");
  return parseTargets(written, labels, layerNames(graph), { reference, outputs, values });
}

/** A class by its number, or the preferred one: no label is meant by either, and nothing need be loaded to read it. */
function plainClass(text: string): ClassTarget | undefined {
  if (text === "top") return { kind: "class", class: text };
  return /^\d+$/.test(text) ? { kind: "class", class: Number(text) } : undefined;
}

/** Outputs that hold one number, each with the number of what their name means: of an answer of yes or no the yes. */
function singles(graph: Graph): ReadonlyMap<string, number> {
  const found = graph.outputs.filter(({ dims }) => dims?.slice(1).every((size) => size === 1));
  const isAnswer = (output: string) => headOf(graph, { output }).kind === "yes-no";
  const floating = answerOutputs({ ...graph, outputs: found });
  return new Map(floating.map(({ name }) => [name, isAnswer(name) ? 1 : 0]));
}

async function readVector(
  platform: Pick<Platform, "readBytes">,
  path: string,
): Promise<readonly number[]> {
  const { decodeNpy } = await import("../formats/npy.ts");
  const value = decodeNpy(await platform.readBytes(path));
  if (value.dims.length === 1) return toNumbers(value);
  throw new LimpidError(
    "bad-file",
    `target: "${path}" must hold one number a channel, got shape ${formatShape(value.dims)}. save it with one axis.`,
  );
}
