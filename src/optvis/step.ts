/** @file One optimisation step as one graph: state in, state out, for a whole batch of units. */
import { backpropagate } from "../autodiff/differentiate.ts";
import type { RuleTable } from "../autodiff/rule.ts";
import { localResponse } from "../autodiff/rules/local-response-normalization.ts";
import { internalError } from "../errors.ts";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import { cut } from "../graph/edit.ts";
import type { Graph } from "../graph/graph.ts";
import { tensor, type Tensor } from "../graph/tensor.ts";
import type { AffineScaling } from "../image/affine.ts";
import type { Objective } from "./objectives.ts";
import type { Optimizer } from "../optimize/optimizer.ts";
import type { Parameterization, PictureSize } from "./parameterizations.ts";
import type { Regularizer } from "./regularizers.ts";
import type { Transform } from "./transforms.ts";

/** Everything a step is made of. */
export interface StepDesign {
  /** The network traced at [batch, C, H, W] and cut at the objectives' layers. */
  readonly network: Graph;
  readonly scaling: AffineScaling;
  /** One objective a picture, all with the same signature. */
  readonly objectives: readonly Objective[];
  readonly size: PictureSize;
  readonly parameterization: Parameterization;
  readonly transform: Transform | undefined;
  readonly optimizer: Optimizer;
  readonly regularizers: readonly Regularizer[];
  /** Rules laid over the default gradients (redirected ReLU in the first steps). */
  readonly rules?: RuleTable;
}

/** Names of the tensors that a step graph takes and gives. */
export const stepNames = {
  /** A number that the optimiser feeds, a float scalar. */
  coefficient: (name: string) => `coefficient/${name}`,
  /** Weights of the regularisers, [batch, regularisers]. */
  weights: "regularizer-weights",
  /** The pictures before the step, [batch, C, H, W] in 0..1. */
  picture: "picture",
  /** The objective before the step, [batch]. */
  score: "score",
} as const;

/** A tensor that stays the same over a run. */
export type Parameters = Readonly<Record<string, Tensor>>;

export interface StepGraph {
  readonly graph: Graph;
  /** State tensors: input name to output name. */
  readonly state: ReadonlyMap<string, string>;
  /** What the objectives feed at every step. */
  readonly parameters: Parameters;
}

/** The graph of one step. Outputs: the next state, `picture` and `score`. */
export function buildStep(design: StepDesign): StepGraph {
  const b = new GraphBuilder();
  const batch = design.objectives.length;
  const variables = declareVariables(b, design, batch);
  const picture = design.parameterization.build(b, variables, design.size);
  const seen = design.transform ? design.transform.build(b, picture) : picture;
  const { score, parameters } = addObjective(b, design, seen);
  const penalized = addPenalties(b, design, picture, score);
  const gradients = backpropagate(b, {
    of: penalized,
    wrt: variables,
    ...(design.rules ? { rules: design.rules } : {}),
  });
  const state = addUpdates(b, design, variables, gradients);
  expose(b, picture, stepNames.picture);
  expose(b, score, stepNames.score);
  return { graph: b.build("step"), state, parameters };
}

function expose(b: GraphBuilder, value: Value, name: string): void {
  b.output(b.op("Identity", [value], {}, name));
}

function declareVariables(
  b: GraphBuilder,
  design: Pick<StepDesign, "parameterization" | "size">,
  batch: number,
): Value[] {
  return design.parameterization
    .variables(design.size)
    .map(({ name, dims }) => b.input(name, [batch, ...dims]));
}

/** The network on the transformed pictures, and the objectives on its layers. */
function addObjective(
  b: GraphBuilder,
  design: Pick<StepDesign, "network" | "scaling" | "objectives">,
  picture: Value,
): { score: Value; parameters: Parameters } {
  const { network, objectives } = design;
  const input = network.inputs[0];
  if (!input || network.inputs.length !== 1) {
    throw internalError("buildStep", "the network must have one input");
  }
  const scaled = scaleInput(b, picture, design.scaling);
  b.scope = "network/";
  const values = b.embed(network, new Map([[input.name, scaled]]), { LRN: localResponse });
  b.scope = "objective/";
  const { score, parameters } = buildBatch(b, objectives, (name) => values.get(name)!);
  b.scope = "";
  return { score, parameters };
}

/** One graph for all objectives of a batch; what differs between them comes in as parameters. */
function buildBatch(
  b: GraphBuilder,
  objectives: readonly Objective[],
  layer: (name: string) => Value,
): { score: Value; parameters: Parameters } {
  const rows = objectives.map((objective) => objective.parameters((name) => layer(name).dims));
  const parameters: Record<string, Tensor> = {};
  for (const [name, { dims }] of Object.entries(rows[0]!)) {
    const data = joined(rows.map((row) => row[name]!.data));
    parameters[`parameter/${name}`] = tensor("float32", [rows.length, ...dims], data);
  }
  const inputs = new Map(
    Object.entries(parameters).map(([name, { dims }]) => [name, b.input(name, dims)]),
  );
  const score = objectives[0]!.build({
    b,
    layer,
    parameter: (name) => inputs.get(`parameter/${name}`)!,
  });
  return { score, parameters };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}

/** Pictures in 0..1 as the network's own input. */
function scaleInput(b: GraphBuilder, picture: Value, scaling: AffineScaling): Value {
  const channels = scaling.gain.length;
  const inOrder = scaling.order.every((from, to) => from === to);
  const ordered = inOrder ? picture : b.op("Gather", [picture, b.ints(scaling.order)], { axis: 1 });
  const gain = b.constant(scaling.gain, [1, channels, 1, 1]);
  const offset = b.constant(scaling.offset, [1, channels, 1, 1]);
  return b.add(b.mul(ordered, gain), offset);
}

function addPenalties(b: GraphBuilder, design: StepDesign, picture: Value, score: Value): Value {
  const { regularizers, objectives } = design;
  if (regularizers.length === 0) return score;
  const weights = b.input(stepNames.weights, [objectives.length, regularizers.length]);
  const penalties = regularizers.map((regularizer, i) => {
    const penalty = regularizer.build(b, picture);
    const weight = b.reshape(b.slice(weights, [i], [i + 1], [1]), [objectives.length]);
    return b.mul(penalty, weight);
  });
  return penalties.reduce((total, penalty) => b.sub(total, penalty), score);
}

function addUpdates(
  b: GraphBuilder,
  design: StepDesign,
  variables: readonly Value[],
  gradients: readonly Value[],
): Map<string, string> {
  const { optimizer } = design;
  const coefficients = optimizer.coefficients.map((name) =>
    b.input(stepNames.coefficient(name), []),
  );
  const state = new Map<string, string>();
  const next = (name: string, value: Value) => {
    expose(b, value, `${name}/next`);
    state.set(name, `${name}/next`);
  };
  for (const [i, variable] of variables.entries()) {
    const slots = optimizer.slots.map((name) => b.input(`${variable.name}/${name}`, variable.dims));
    const step = { variable, gradient: gradients[i]!, slots, coefficients, decays: false };
    const update = optimizer.build(b, step);
    next(variable.name, update.variable);
    for (const [k, slot] of slots.entries()) next(slot.name, update.slots[k]!);
  }
  return state;
}

/** A graph from pictures [batch, C, H, W] in the network's own range to the objectives' scores: what a stored picture is judged by. */
export function buildScore(
  network: Graph,
  objectives: readonly Objective[],
): { graph: Graph; parameters: Parameters } {
  const b = new GraphBuilder(network);
  b.scope = "objective/";
  const { score, parameters } = buildBatch(b, objectives, (name) => b.value(name));
  expose(b, score, stepNames.score);
  const graph = cut(b.build("score"), { outputs: [stepNames.score] });
  return { graph, parameters };
}

/** As `buildScore` of one picture [1, C, H, W] that all objectives see, with one score each. */
export function buildSharedScore(
  network: Graph,
  objectives: readonly Objective[],
): { graph: Graph; parameters: Parameters } {
  const b = new GraphBuilder(network);
  b.scope = "objective/";
  const shared = (name: string) => {
    const value = b.value(name);
    return b.op("Expand", [value, b.ints([objectives.length, ...value.dims.slice(1)])]);
  };
  const { score, parameters } = buildBatch(b, objectives, shared);
  expose(b, score, stepNames.score);
  const graph = cut(b.build("score"), { outputs: [stepNames.score] });
  return { graph, parameters };
}

/** A graph from the variables of pictures to the objectives' scores, without transforms: what a starting picture is judged by. */
export function buildStartScore(
  design: Pick<StepDesign, "network" | "scaling" | "objectives" | "size" | "parameterization">,
): { graph: Graph; parameters: Parameters } {
  const b = new GraphBuilder();
  const variables = declareVariables(b, design, design.objectives.length);
  const picture = design.parameterization.build(b, variables, design.size);
  const { score, parameters } = addObjective(b, design, picture);
  expose(b, score, stepNames.score);
  return { graph: b.build("start-score"), parameters };
}

/**
 * A graph that gives, for the pictures before the first step, the root mean square of the objective's
 * gradient ([batch]) and of each regulariser's ([batch, regularisers]): regulariser weights are ratios
 * of the two, so that one default serves every network.
 */
export function buildGradientSizes(design: StepDesign): { graph: Graph; parameters: Parameters } {
  const b = new GraphBuilder();
  const batch = design.objectives.length;
  const variables = declareVariables(b, design, batch);
  const picture = design.parameterization.build(b, variables, design.size);
  const seen = design.transform ? design.transform.build(b, picture) : picture;
  const { score, parameters } = addObjective(b, design, seen);
  const rules = design.rules ? { rules: design.rules } : {};
  const sizeOf = (value: Value) => {
    const [gradient] = backpropagate(b, { of: value, wrt: [picture], ...rules });
    return b.op("Sqrt", [b.reduceMean(b.mul(gradient!, gradient!), [1, 2, 3], false)]);
  };
  expose(b, sizeOf(score), "objective-gradient");
  const sizes = design.regularizers.map((regularizer) =>
    b.reshape(sizeOf(regularizer.build(b, picture)), [batch, 1]),
  );
  if (sizes.length > 0) expose(b, b.concat(sizes, 1), "regularizer-gradients");
  return { graph: b.build("gradient-sizes"), parameters };
}
