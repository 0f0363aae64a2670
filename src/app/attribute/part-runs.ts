/** @file A method on a network of any inputs: one run for all of them, or one for each with the others as they are. */
import type { Heatmap } from "../../attribution/heatmap.ts";
import type { AttributionMethod } from "../../attribution/method.ts";
import { partMaps } from "../../attribution/part-maps.ts";
import { takenBy, type AskedKinds } from "../../attribution/require-takes.ts";
import { LimpidError } from "../../errors.ts";
import type { Graph } from "../../graph/graph.ts";
import type { InputPart } from "../../graph/input-parts.ts";
import { tensor, type Tensor } from "../../graph/tensor.ts";
import { runDims } from "../../network/batches.ts";
import type { Model } from "../../network/model.ts";
import type { ClassTargets } from "../../scores/class-targets.ts";
import { partNumbers } from "./part-numbers.ts";

/** What the inputs of a network are to methods. */
export function inputKindOf([first, ...others]: readonly InputPart[]): AskedKinds["input"] {
  if (others.length > 0) return "several";
  return first!.kind === "numbers" ? "flat" : first!.kind;
}

/** What is explained by a method. */
interface Explained {
  readonly model: Model;
  /** [N, C, H, W] of all inputs. */
  readonly input: Tensor;
  readonly targets: ClassTargets;
  readonly traced: Graph;
}

/** A network of one picture, what it is shown, and what of a picture of all inputs it would be shown. */
export interface OwnRun {
  readonly model: Model;
  readonly input: Tensor;
  readonly targets: ClassTargets;
  shown(picture: Tensor): Tensor;
}

/** Runs a method, one map a row. */
type RunMethod = (own: OwnRun) => Promise<readonly Heatmap[]>;

/**
 * The maps of each input, one a row. Throws `bad-option` for a method that explains each input by itself and takes none of
 * the network's. Inputs that it takes none of are told of.
 */
export async function mapsOfParts(
  method: AttributionMethod,
  { model, input, targets, traced }: Explained,
  run: RunMethod,
  onNote: (note: string) => void = () => {},
): Promise<readonly (readonly Heatmap[])[]> {
  const { inputs, several } = takenBy(method);
  if (model.parts.length === 1 || several === "together") {
    const found = await run({ model, input, targets, shown: (picture) => picture });
    return partMaps(model, found, input.dims, traced);
  }
  const reasons = model.parts.map((part) => reasonAgainst(method, part, inputs));
  const taken = model.parts.filter((_, i) => reasons[i] === undefined);
  if (taken.length === 0) throw noneTaken(method, model);
  for (const [i, reason] of reasons.entries()) {
    const { name } = model.parts[i]!;
    if (reason !== undefined)
      onNote(`${method.info.title} makes no map of input "${name}": ${reason}`);
  }
  const maps: (readonly Heatmap[])[] = [];
  for (const part of taken) {
    const own: Heatmap[] = [];
    for (let row = 0; row < input.dims[0]!; row++) {
      const picture = rowOf(input, row);
      const alone = model.alone(part, picture);
      const shown = (whole: Tensor) => partOf(whole, part);
      const only = shown(picture);
      const ofRow = targets === "top" ? targets : [targets[row] ?? targets[0]!];
      const found = await run({ model: alone, input: only, targets: ofRow, shown });
      const graph = await alone.at(runDims(alone, only.dims));
      for (const map of partMaps(alone, found, only.dims, graph).flat()) own.push(map);
    }
    maps.push(own);
  }
  return maps;
}

/** Why a method makes no map of an input; undefined where it makes one. */
function reasonAgainst(
  { info }: AttributionMethod,
  part: InputPart,
  inputs: readonly AskedKinds["input"][],
): string | undefined {
  if (!inputs.includes(inputKindOf([part]))) {
    const taken = inputs.filter((kind) => kind !== "several").map((kind) => `${kind}s`);
    return `it is of the kind ${part.kind}, and the method takes ${taken.join(" and ")}`;
  }
  const isNumber = part.kind === "numbers" && part.sides.every((side) => side === 1);
  const hides = info.gradient === "none";
  return hides && isNumber ? "a single number has no places that could be hidden" : undefined;
}

/** The numbers of a part of a picture [1, C, H, W], [1, c, rows, columns]. */
function partOf(picture: Tensor, part: InputPart): Tensor {
  const { channels, rows, columns, data } = partNumbers(part, picture, 0);
  return tensor("float32", [1, channels, rows, columns], data);
}

function noneTaken({ info: { title } }: AttributionMethod, { parts }: Model): LimpidError {
  const kinds = parts.map(({ name, kind }) => `"${name}" (${kind})`).join(", ");
  return new LimpidError(
    "bad-option",
    `${title}: one of the inputs must be what it takes, got ${kinds}. choose gradient or integrated-gradients, which take any.`,
  );
}

/** A picture [1, C, H, W] of [N, C, H, W], not copied. */
export function rowOf({ data, dims }: Tensor, row: number): Tensor {
  const size = data.length / dims[0]!;
  const numbers = (data as Float32Array).subarray(row * size, (row + 1) * size);
  return tensor("float32", [1, ...dims.slice(1)], numbers);
}
