/** @file Where an optimisation starts: variables drawn from a seed, and the optimiser's empty memory. */
import { elementCount, tensor, zeros, type Tensor } from "../graph/tensor.ts";
import type { Objective } from "./objectives.ts";
import type { StepDesign } from "./step.ts";

/** Which starting picture of all that a seed gives. */
export interface StartPicture {
  /** Pictures of different keys are drawn apart. */
  readonly key: string;
  /** How strong its contrast is, 1 as usual, 0 a plain picture; phases alone have none. */
  readonly contrast: number;
  /** A photo [C, H, W] in 0..1, instead of one that is drawn. */
  readonly photo?: Float32Array;
}

/** What woke a unit that the usual noise leaves silent, or all but. */
export type Awakening =
  /** Middle grey. */
  | { readonly kind: "plain" }
  /** Noise of so many times the usual contrast. */
  | { readonly kind: "noise"; readonly contrast: number }
  /** Noise of black and white pixels, or paler ones. */
  | { readonly kind: "pixels" }
  /** The photo of a name. */
  | { readonly kind: "photo"; readonly photo: string }
  /** Noise that ReLU let the gradient through for, first towards the unit at one place. */
  | { readonly kind: "place" };

/** Where each of a batch of units starts unless another picture is asked for. */
export function usualStarts(objectives: readonly Objective[]): readonly StartPicture[] {
  return objectives.map(({ description }, unit) => ({
    key: `${description}#${unit}`,
    contrast: 1,
  }));
}

/** Variables of the starting pictures, [batch, ...] each, one picture an objective. */
export function startVariables(
  { parameterization, size }: Pick<StepDesign, "parameterization" | "size">,
  starts: readonly StartPicture[],
  seed: number,
): Readonly<Record<string, Tensor>> {
  const variables: Record<string, Tensor> = {};
  for (const variable of parameterization.variables(size)) {
    const length = elementCount(variable.dims);
    const data = new Float32Array(starts.length * length);
    for (const [unit, { key, contrast, photo }] of starts.entries()) {
      const numbers = photo
        ? parameterization.of(variable, size, photo)
        : parameterization.start(variable, size, seed, key, contrast);
      data.set(numbers, unit * length);
    }
    variables[variable.name] = tensor("float32", [starts.length, ...variable.dims], data);
  }
  return variables;
}

/** The starting variables with the optimiser's memory of them. */
export function startState(
  design: Pick<StepDesign, "parameterization" | "size" | "optimizer">,
  starts: readonly StartPicture[],
  seed: number,
): Readonly<Record<string, Tensor>> {
  const variables = startVariables(design, starts, seed);
  const memory = Object.entries(variables).flatMap(([name, { dims }]) =>
    design.optimizer.slots.map((slot): [string, Tensor] => [
      `${name}/${slot}`,
      zeros("float32", dims),
    ]),
  );
  return { ...variables, ...Object.fromEntries(memory) };
}
