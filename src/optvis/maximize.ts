/** @file The optimisation loop: batches of units through one compiled step graph. */
import { scalePictures, type AffineScaling } from "../image/affine.ts";
import { redirectedRelu } from "../autodiff/overrides.ts";
import { LimpidError, throwIfAborted, type StopSignal } from "../errors.ts";
import type { Graph } from "../graph/graph.ts";
import { tensor, toNumbers, type Tensor } from "../graph/tensor.ts";
import { randomStream } from "../random.ts";
import { freeResident } from "../runtime/resident.ts";
import type { Runtime, Session, Tensors } from "../runtime/runtime.ts";
import { withoutCeiling } from "./ceiling.ts";
import { networkFor } from "./needed-channels.ts";
import type { Objective } from "./objectives.ts";
import { seesBrightnessAlone } from "./brightness.ts";
import { grey, type Parameterization, type PictureSize } from "./parameterizations.ts";
import { optimizerOf, parameterizationOf, regularizersOf, type Preset } from "./presets.ts";
import type { PhotoLevel } from "./photo-levels.ts";
import { startState, usualStarts, type Awakening, type StartPicture } from "./start.ts";
import {
  buildGradientSizes,
  buildScore,
  buildStep,
  stepNames,
  type Parameters,
  type StepDesign,
  type StepGraph,
} from "./step.ts";
import { transform, type Transform } from "./transforms.ts";

/** The network under study: how to trace it, what runs it, and what range its input has. */
export interface VisualizedNetwork {
  readonly runtime: Runtime;
  readonly scaling: AffineScaling;
  /** Whether it is shown grey pictures alone, in all of its channels. */
  readonly isGrey?: boolean;
  /** The graph traced at an input shape [N, C, H, W], with the layers among its values. */
  at(dims: readonly number[], layers: readonly string[]): Promise<Graph>;
}

export interface MaximizeOptions {
  readonly preset: Preset;
  /** Size of the pictures, and of what the network sees. */
  readonly size: PictureSize;
  readonly seed?: number;
  /** Steps instead of the preset's. */
  readonly steps?: number;
  readonly signal?: StopSignal;
  /** Called before each step's pictures change; reading `pictures()` costs one more copy a step. */
  readonly onStep?: (progress: StepProgress) => void | Promise<void>;
  /** Whether `onStep` gets the pictures of a step, counted from 1; never by default. */
  readonly withPictures?: (step: number) => boolean;
  /**
   * What is maximised instead while ReLU is redirected, one a picture: an objective with several terms may have a
   * gradient although the unit itself is silent, and would not wake it.
   */
  readonly warmUpObjectives?: readonly Objective[];
  /**
   * What `start` and `activation` tell of each unit, by default the objectives themselves: a unit that is
   * minimised or kept apart from others has an activation of its own.
   */
  readonly measuredObjectives?: readonly Objective[];
  /** Where each picture starts, by default at one of its own. */
  readonly starts?: readonly StartPicture[];
}

export interface StepProgress {
  /** Number of finished steps. */
  readonly step: number;
  readonly steps: number;
  /** Objective of each picture before this step. */
  readonly scores: readonly number[];
  /** Pictures [N, C, H, W] in 0..1 before this step, where `withPictures` wants them. */
  readonly pictures: Float32Array | undefined;
}

/** What became of one unit. */
export interface MaximizedUnit {
  readonly objective: Objective;
  /** Score of the start picture, without transforms. */
  readonly start: number;
  /** Score of `input`, without transforms. */
  readonly activation: number;
  /** Whether that is the score of the start picture, and of all that were tried: the picture shows nothing. */
  readonly silent: boolean;
  /** What the picture started from, where the usual noise left the unit silent. */
  readonly from?: Awakening;
  /** What a silent unit makes of photos, where some are given. */
  readonly onPhotos?: PhotoLevel;
  /** The picture [C, H, W] in 0..1, RGB or grey (`pixels` can leave the range). */
  readonly picture: Float32Array;
  /** The same picture in the network's own range and channel order, [C, H, W]. */
  readonly input: Float32Array;
}

/**
 * Pictures that maximise one objective each, all of one signature, as one batch. The same objectives,
 * preset, size and seed give the same bytes on one machine. Throws `aborted` when the signal fires.
 */
export async function maximize(
  network: VisualizedNetwork,
  objectives: readonly Objective[],
  options: MaximizeOptions,
): Promise<MaximizedUnit[]> {
  const run = await prepareRun(network, objectives, options);
  const sessions: Session[] = [];
  try {
    const first = await openStep(network.runtime, run.warmup ?? run.plain);
    sessions.push(first);
    const weights = await regularizerWeights(network.runtime, run);
    const begun = run.warmup ?? run.plain;
    const startPicture = await currentPicture(first, run, begun, run.state, weights);
    const state = await runSteps(network, run, { first, sessions, weights }, options);
    const last = sessions.at(-1)!;
    const ended = last === first ? begun : run.plain;
    const endPicture = await currentPicture(last, run, ended, state, weights);
    return await measure(network, run, startPicture, endPicture);
  } finally {
    for (const session of sessions) await session.release();
  }
}

/** Everything that a run needs and that does not change while it goes on. */
interface Run {
  readonly objectives: readonly Objective[];
  /** What is told of each unit, on `network`. */
  readonly measured: readonly Objective[];
  readonly options: MaximizeOptions;
  readonly steps: number;
  readonly seed: number;
  readonly network: Graph;
  readonly design: StepDesign;
  readonly shares: readonly number[];
  readonly transform: Transform | undefined;
  readonly plain: StepGraph;
  /** The step with redirected ReLU, if the preset starts with it. */
  readonly warmup: StepGraph | undefined;
  readonly warmupSteps: number;
  readonly state: Tensors;
}

async function prepareRun(
  network: VisualizedNetwork,
  objectives: readonly Objective[],
  options: MaximizeOptions,
): Promise<Run> {
  const { preset, size, seed = 0, steps = preset.steps } = options;
  const { channels, heightPx, widthPx } = size;
  const measured = options.measuredObjectives ?? objectives;
  const warmUps = options.warmUpObjectives ?? objectives;
  const dims = [objectives.length, channels, heightPx, widthPx];
  const all = [...objectives, ...measured, ...warmUps];
  const { whole, graph, ofChannels } = await networkFor(network, dims, all);
  const layers = whole.outputs.map(({ name }) => name);
  const moves = Object.keys(preset.transforms).length > 0;
  const sizes = { channels, from: size, to: size };
  const drawn = moves ? transform(preset.transforms, sizes) : undefined;
  const regularizers = regularizersOf(preset);
  const design: StepDesign = {
    network: withoutCeiling(graph, layers),
    scaling: network.scaling,
    objectives: objectives.map(ofChannels),
    size,
    parameterization: picturesFor(network, whole, preset),
    transform: drawn,
    optimizer: optimizerOf(preset),
    regularizers: regularizers.map(({ regularizer }) => regularizer),
  };
  const warmupSteps = Math.min(preset.redirectedSteps, steps);
  return {
    objectives,
    measured: measured.map(ofChannels),
    options,
    steps,
    seed,
    network: graph,
    design,
    shares: regularizers.map(({ share }) => share),
    transform: drawn,
    plain: buildStep(design),
    warmup:
      warmupSteps > 0
        ? buildStep({ ...design, objectives: warmUps.map(ofChannels), rules: redirectedRelu })
        : undefined,
    warmupSteps,
    state: startState(design, options.starts ?? usualStarts(objectives), seed),
  };
}

/** Everything that step `step`, counted from 0, feeds besides the state. */
function stepFeeds(run: Run, parameters: Parameters, weights: Tensors, step: number): Tensors {
  const { optimizer } = run.design;
  const numbers = optimizer.at(step + 1, run.options.preset.optimizer.rate);
  const coefficients = optimizer.coefficients.map((name, i) => [
    stepNames.coefficient(name),
    tensor("float32", [], Float32Array.of(numbers[i]!)),
  ]);
  return {
    ...parameters,
    ...weights,
    ...drawn(run, step),
    ...(Object.fromEntries(coefficients) as Tensors),
  };
}

/** What the transforms of a step are drawn to be. */
function drawn(run: Run, step: number): Tensors {
  return run.transform?.draw(randomStream(run.seed, "transform", step)) ?? {};
}

/**
 * Weights that make each regulariser's gradient the wanted share of the objective's, both as root mean
 * square over the pictures before the first step.
 */
async function regularizerWeights(runtime: Runtime, run: Run): Promise<Tensors> {
  if (run.shares.length === 0) return {};
  const { graph, parameters } = buildGradientSizes(
    run.warmup ? { ...run.design, rules: redirectedRelu } : run.design,
  );
  const session = await runtime.open(graph);
  const sizes = await session.run({ ...variablesOf(run), ...parameters, ...drawn(run, 0) });
  await session.release();
  const objective = toNumbers(sizes["objective-gradient"]!);
  const penalties = toNumbers(sizes["regularizer-gradients"]!);
  const weights = penalties.map((size, i) => {
    const share = run.shares[i % run.shares.length]!;
    return (share * objective[Math.floor(i / run.shares.length)]!) / Math.max(size, 1e-12);
  });
  const dims = [run.objectives.length, run.shares.length];
  return { [stepNames.weights]: tensor("float32", dims, Float32Array.from(weights)) };
}

function variablesOf(run: Run): Tensors {
  const names = run.design.parameterization.variables(run.design.size).map(({ name }) => name);
  return Object.fromEntries(names.map((name) => [name, run.state[name]!]));
}

interface RunSessions {
  readonly first: Session;
  readonly sessions: Session[];
  readonly weights: Tensors;
}

async function runSteps(
  network: VisualizedNetwork,
  run: Run,
  { first, sessions, weights }: RunSessions,
  options: MaximizeOptions,
): Promise<Tensors> {
  let state = run.state;
  let session = first;
  try {
    for (let step = 0; step < run.steps; step++) {
      throwIfAborted(options.signal, "maximize");
      const warm = run.warmup !== undefined && step < run.warmupSteps;
      if (!warm && run.warmup && session === first) {
        session = await openStep(network.runtime, run.plain);
        // A session keeps the memory of its largest run until it is released.
        sessions[0] = session;
        await first.release();
      }
      const design = warm ? run.warmup : run.plain;
      const outputs = [...design.state.values(), stepNames.score];
      if (options.withPictures?.(step + 1)) outputs.push(stepNames.picture);
      const feeds = { ...state, ...stepFeeds(run, design.parameters, weights, step) };
      const results = await session.run(feeds, { outputs });
      state = nextState(design, results);
      checkFinite(results[stepNames.score]!, step);
      await options.onStep?.(progressOf(run, step, results));
    }
  } catch (error) {
    freeResident(Object.values(state));
    throw error;
  }
  return state;
}

function progressOf(run: Run, step: number, results: Tensors): StepProgress {
  return {
    step: step + 1,
    steps: run.steps,
    scores: toNumbers(results[stepNames.score]!),
    pictures: results[stepNames.picture]?.data as Float32Array | undefined,
  };
}

/** Between steps the state stays where they are computed. */
function openStep(runtime: Runtime, { graph, state }: StepGraph): Promise<Session> {
  return runtime.open(graph, { resident: [...state.values()] });
}

function nextState(design: StepGraph, results: Readonly<Record<string, Tensor>>): Tensors {
  return Object.fromEntries([...design.state].map(([from, to]) => [from, results[to]!]));
}

function checkFinite(scores: Tensor, step: number): void {
  if (toNumbers(scores).every(Number.isFinite)) return;
  throw new LimpidError(
    "runtime",
    `maximize: the objective must stay finite, got ${toNumbers(scores).find((x) => !Number.isFinite(x))} at step ${step + 1}. check the model's weights or use a smaller rate.`,
  );
}

async function currentPicture(
  session: Session,
  run: Run,
  design: StepGraph,
  state: Tensors,
  weights: Tensors,
): Promise<Tensor> {
  const feeds = { ...state, ...stepFeeds(run, design.parameters, weights, 0) };
  const results = await session.run(feeds, { outputs: [stepNames.picture] });
  return results[stepNames.picture]!;
}

/** Scores of the stored float pictures themselves, in the network's own range. */
async function measure(
  network: VisualizedNetwork,
  run: Run,
  startPicture: Tensor,
  endPicture: Tensor,
): Promise<MaximizedUnit[]> {
  const { graph, parameters } = buildScore(run.network, run.measured);
  const input = run.network.inputs[0]!.name;
  const session = await network.runtime.open(graph);
  const scoreOf = async (pictures: Tensor) =>
    toNumbers((await session.run({ ...parameters, [input]: pictures }))[stepNames.score]!);
  const start = await scoreOf(scaledPictures(startPicture, network.scaling));
  const stored = scaledPictures(endPicture, network.scaling);
  const activation = await scoreOf(stored);
  await session.release();
  return run.objectives.map((objective, unit) => ({
    objective,
    start: start[unit]!,
    activation: activation[unit]!,
    silent: !differs(start[unit]!, activation[unit]!),
    picture: row(endPicture, unit),
    input: row(stored, unit),
  }));
}

/** Whether two scores differ by more than the last digits of float32. */
export function differs(one: number, other: number): boolean {
  return Math.abs(one - other) > 1e-6 * Math.max(Math.abs(one), Math.abs(other));
}

/** How pictures for a network are written as numbers: in colour, or in grey where it sees nothing else. */
export function picturesFor(
  { isGrey = false, scaling }: Pick<VisualizedNetwork, "isGrey" | "scaling">,
  graph: Graph,
  preset: Preset,
): Parameterization {
  const coloured = parameterizationOf(preset);
  return isGrey || seesBrightnessAlone(graph, scaling) ? grey(coloured) : coloured;
}

function row(pictures: Tensor, unit: number): Float32Array {
  const length = pictures.data.length / pictures.dims[0]!;
  return (pictures.data as Float32Array).slice(unit * length, (unit + 1) * length);
}

function scaledPictures(pictures: Tensor, scaling: AffineScaling): Tensor {
  const places = pictures.dims[2]! * pictures.dims[3]!;
  const data = scalePictures(pictures.data as Float32Array, places, scaling);
  return tensor("float32", pictures.dims, data);
}
