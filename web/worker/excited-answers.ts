/** @file What excites each answer of a network for digits most: a sketch in few steps, so that training hardly waits for it. */
import type { StopSignal } from "../../src/errors.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { preprocessingOf, type Preprocessing } from "../../src/image/preprocess.ts";
import { Model } from "../../src/network/model.ts";
import { maximize, type MaximizedUnit } from "../../src/optvis/maximize.ts";
import { presets } from "../../src/optvis/presets.ts";
import { measuredOf, objectiveOf, warmUpObjectiveOf } from "../../src/optvis/unit-objective.ts";
import { visualized } from "../../src/optvis/visualized-network.ts";
import type { Runtime } from "../../src/runtime/runtime.ts";

export const digitSide = 28;
/** Grey pictures in 0..1, white on black. */
export const digitPreparation: Preprocessing = {
  ...preprocessingOf("unit"),
  channels: "grey",
  size: [digitSide, digitSide],
};

const preset = presets.natural;
/** In fewer the answers look alike, as ReLU is redirected for 16; more show little more at this size. */
export const sketchSteps = 24;
const answers = 10;

interface SketchOptions {
  /** Of the noise that the pictures start from. */
  readonly seed: number;
  readonly signal: StopSignal;
}

/**
 * A picture [1, 28, 28] in 0..1 for each answer, all from one seed, as one batch; `start` and `activation` are logits.
 * Throws `aborted` when stopped.
 */
export function excitedAnswers(
  graph: Graph,
  runtime: Runtime,
  { seed, signal }: SketchOptions,
): Promise<readonly MaximizedUnit[]> {
  const model = new Model(graph, runtime);
  const goal = { negative: false, oneUnit: false, classScore: preset.classScore };
  const units = Array.from({ length: answers }, (_, number) => ({
    layer: model.logits,
    channel: number,
    class: number,
  }));
  return maximize(
    visualized(model, digitPreparation),
    units.map((unit) => objectiveOf(unit, goal)),
    {
      preset,
      size: { channels: 1, heightPx: digitSide, widthPx: digitSide },
      seed,
      steps: sketchSteps,
      signal,
      warmUpObjectives: units.map((unit) => warmUpObjectiveOf(unit, goal)),
      measuredObjectives: units.map((unit) => measuredOf(unit, goal)),
    },
  );
}
