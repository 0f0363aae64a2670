/** @file Of a network only what objectives need: kernels and branches of channels that none of them weighs are left out. */
import { hasPath } from "../autodiff/path.ts";
import { cut } from "../graph/edit.ts";
import { withChannels } from "../graph/chosen-channels.ts";
import type { Graph } from "../graph/graph.ts";
import { channelAxisOf } from "../scores/channel-axis.ts";
import type { VisualizedNetwork } from "./maximize.ts";
import type { LayerDims, Objective, ObjectiveParameter } from "./objectives/objective.ts";
import { channelWeightsOf } from "./objectives/weighed-channels.ts";

/** A network for objectives, and each objective for that network. */
export interface NeededPart {
  readonly graph: Graph;
  ofChannels(objective: Objective): Objective;
}

/** A network at a size, cut at the objectives' layers, and the part of it that they need. Throws as `neededChannels` and `at`. */
export async function networkFor(
  network: Pick<VisualizedNetwork, "at">,
  dims: readonly number[],
  objectives: readonly Objective[],
): Promise<NeededPart & { readonly whole: Graph }> {
  const layers = [...new Set(objectives.flatMap((objective) => objective.layers))];
  const whole = cut(await network.at(dims, layers), { outputs: layers });
  return { whole, ...neededChannels(whole, objectives) };
}

/**
 * The part of a traced network, cut at the objectives' layers, that gives the channels to which one of them gives a weight; the
 * network itself where some read a layer as a whole, or there is nothing to leave out. Throws `bad-option` for a unit that there is not.
 */
export function neededChannels(network: Graph, objectives: readonly Objective[]): NeededPart {
  const whole = { graph: network, ofChannels: (objective: Objective) => objective };
  const [layer, ...others] = network.outputs.map(({ name }) => name);
  const dims = network.shapes.get(layer!)?.dims;
  if (!dims || others.length > 0 || channelAxisOf(dims) !== 1) return whole;
  const dimsOf: LayerDims = () => dims;
  const weighed = new Set<number>();
  for (const objective of objectives) {
    const names = channelWeightsOf(objective);
    if (!names) return whole;
    const parameters = objective.parameters(dimsOf);
    for (const name of names)
      for (const [channel, weight] of parameters[name]!.data.entries())
        if (weight !== 0) weighed.add(channel);
  }
  const channels = [...weighed].toSorted((a, b) => a - b);
  if (channels.length === 0 || channels.length === dims[1]) return whole;
  const graph = withChannels(network, layer!, channels);
  // Units without a gradient are silent beside others, which is told of them; alone they would have no graph of a step.
  const isMoved = graph && hasPath(graph, { of: layer!, wrt: [graph.inputs[0]!.name] });
  if (!isMoved) return whole;
  return { graph, ofChannels: (objective) => weighing(objective, channels, dimsOf) };
}

/** The objective on a layer that has only these channels, of one that has `dimsOf`. */
function weighing(objective: Objective, channels: readonly number[], dimsOf: LayerDims): Objective {
  const own = ({ dims, data }: ObjectiveParameter): ObjectiveParameter => ({
    dims: dims.with(0, channels.length),
    data: Float32Array.from(channels, (channel) => data[channel]!),
  });
  const names = channelWeightsOf(objective) ?? [];
  return {
    ...objective,
    parameters: () =>
      Object.fromEntries(
        Object.entries(objective.parameters(dimsOf)).map(([name, parameter]) => [
          name,
          names.includes(name) ? own(parameter) : parameter,
        ]),
      ),
  };
}
