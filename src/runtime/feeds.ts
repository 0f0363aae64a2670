/** @file What a run is given and asked for, checked before ONNX Runtime sees it so that errors read well. */
import { LimpidError } from "../errors.ts";
import type { ValueInfo } from "../graph/graph.ts";
import { arrayType, elementCount, formatShape, type Tensor } from "../graph/tensor.ts";
import { isResident } from "./resident.ts";
import type { Tensors } from "./runtime.ts";

/** Throws `shape-mismatch` unless the feeds are exactly the graph's inputs; `where` names the runtime. */
export function checkFeeds(where: string, inputs: readonly ValueInfo[], feeds: Tensors): void {
  const known = inputs.map((input) => input.name);
  const stranger = Object.keys(feeds).find((feed) => !known.includes(feed));
  if (stranger !== undefined) {
    throw new LimpidError(
      "shape-mismatch",
      `${where}: feeds must be inputs of the graph (${known.join(", ")}), got "${stranger}".`,
    );
  }
  for (const input of inputs) {
    const isFed = Object.hasOwn(feeds, input.name);
    checkFeed(where, input, isFed ? feeds[input.name] : undefined);
  }
}

function checkFeed(where: string, input: ValueInfo, value: Tensor | undefined): void {
  const wanted = `${input.type ?? "a tensor"} ${input.dims ? formatShape(input.dims) : ""}`.trim();
  const refuse = (must: string, got: string): LimpidError =>
    new LimpidError("shape-mismatch", `${where}: input "${input.name}" must ${must}, got ${got}.`);
  if (!value) throw refuse(`be fed ${wanted}`, "nothing");
  const { type, dims } = value;
  if (!fits(input, value)) throw refuse(`be ${wanted}`, `${type} ${formatShape(dims)}`);
  if (isResident(value)) return;
  const { data } = value;
  const holder = type === "string" ? Array : arrayType(type);
  if (!(data instanceof holder)) throw refuse(`hold a ${holder.name}`, nameOf(data));
  if (data.length !== elementCount(dims)) {
    throw refuse(
      `hold ${elementCount(dims)} elements for ${formatShape(dims)}`,
      String(data.length),
    );
  }
}

function fits({ type, dims }: ValueInfo, value: Tensor): boolean {
  if (type !== undefined && type !== value.type) return false;
  if (dims === undefined) return true;
  return (
    dims.length === value.dims.length &&
    dims.every((dim, axis) => typeof dim === "string" || dim === value.dims[axis])
  );
}

function nameOf(data: unknown): string {
  return data instanceof Object ? data.constructor.name : String(data);
}

/** The names to compute: all outputs by default. Throws `bad-option` for one that the graph does not have. */
export function wantedOutputs(
  where: string,
  outputs: readonly ValueInfo[],
  asked: readonly string[] | undefined,
): readonly string[] {
  const known = outputs.map((output) => output.name);
  const stranger = asked?.find((name) => !known.includes(name));
  if (stranger === undefined) return asked ?? known;
  throw new LimpidError(
    "bad-option",
    `${where}: outputs must be those of the graph (${known.join(", ")}), got "${stranger}".`,
  );
}
