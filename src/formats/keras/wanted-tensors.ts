/** @file The variables of a layer that it must have, found among those that a file has of it. */
import { LimpidError } from "../../errors.ts";
import { formatShape, tensor, toFloat32, type Tensor } from "../../graph/tensor.ts";
import { formatCount } from "../../wording/numbers.ts";
import type { Variable, WantedVariable } from "./weight-store.ts";

/**
 * The variables in the order wanted, as float32: by the last part of their names if each is there once, else by their
 * order. Throws `bad-file`, with the layer's name and both shapes, unless there are as many, of these shapes.
 */
export async function wantedTensors(
  layer: string,
  variables: readonly Variable[],
  wanted: readonly WantedVariable[],
): Promise<readonly Tensor<"float32">[]> {
  const found = wanted.map(({ name }) => variables.filter((each) => lastPart(each) === name));
  const isNamed = found.every(({ length }) => length === 1);
  const fits = (variable: Variable | undefined, { dims }: WantedVariable) =>
    variable?.dims.length === dims.length &&
    dims.every((dim, axis) => dim === undefined || dim === variable.dims[axis]);
  const chosen = isNamed ? found.map(([variable]) => variable!) : variables;
  const isWhole = variables.length === wanted.length;
  if (!isWhole || !wanted.every((each, i) => fits(chosen[i], each))) {
    throw otherVariables(layer, variables, wanted);
  }
  const tensors: Tensor<"float32">[] = [];
  for (const variable of chosen) tensors.push(await floats(layer, variable));
  return tensors;
}

function lastPart({ name }: Variable): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

async function floats(layer: string, variable: Variable): Promise<Tensor<"float32">> {
  const value = await variable.read();
  if (value.type === "float32") return value as Tensor<"float32">;
  if (value.type !== "string") return tensor("float32", value.dims, toFloat32(value));
  throw new LimpidError(
    "bad-file",
    `weights: "${variable.name}" of layer "${layer}" must hold numbers, got text. save the model again.`,
  );
}

const mostListed = 8;

function otherVariables(
  layer: string,
  variables: readonly Variable[],
  wanted: readonly WantedVariable[],
): LimpidError {
  const must = wanted.map(
    ({ name, dims }) => `${name} ${formatShape(dims.map((dim) => dim ?? "any"))}`,
  );
  const got = variables
    .slice(0, mostListed)
    .map(({ name, dims }) => `${name} ${formatShape(dims)}`);
  const more = variables.length > mostListed ? ` and ${variables.length - mostListed} more` : "";
  const held = got.length === 0 ? "none" : `${got.join(", ")}${more}`;
  return new LimpidError(
    "bad-file",
    `weights: layer "${layer}" must have ${formatCount(must.length)} variables (${must.join(", ")}), got ${held}. save the model with all its weights.`,
  );
}
