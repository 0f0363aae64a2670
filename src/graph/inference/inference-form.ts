/** @file The form in which a network is used: as it computes in inference, in float32, with outputs that are tensors. */
import type { Message } from "../../wording/face.ts";
import type { Graph } from "../graph.ts";
import { withFloatInput } from "./float-input.ts";
import { inFloat32 } from "./single-precision.ts";
import { withTensorOutputs } from "./tensor-outputs.ts";
import { inInference } from "./training-mode.ts";

/** A graph in another form, and what was changed that its user should know. */
export interface FormedGraph {
  readonly graph: Graph;
  readonly notes: readonly Message[];
}

/** THE steps, in their order; each returns the graph itself where it finds nothing to change. */
const steps: readonly ((graph: Graph) => FormedGraph)[] = [
  withTensorOutputs,
  withFloatInput,
  inInference,
  inFloat32,
];

/**
 * The graph as it is used, once, before everything else: outputs that are no tensors are dropped, bytes that are cast to floats are floats, what was exported in
 * training mode computes as in inference, and half precision becomes float32. Names of values stay. Throws `bad-file`
 * if no output is left.
 */
export function inferenceForm(graph: Graph): FormedGraph {
  return steps.reduce<FormedGraph>(
    (formed, step) => {
      const next = step(formed.graph);
      return { graph: next.graph, notes: [...formed.notes, ...next.notes] };
    },
    { graph, notes: [] },
  );
}
