/** @file Where maps of a network with numbers at every place are best explained: its deepest feature map, and its last. */
import { nodesBefore } from "../graph/edit.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { valuesOfMap } from "./activated-layers.ts";
import { mapLayout } from "./map-layout.ts";

/** The feature maps of a network whose output has places. */
export interface MapStages {
  /** The last feature map before the numbers of the output. */
  readonly last: string;
  /** The deepest one, where the network enlarges its feature maps behind it; undefined where it enlarges none. */
  readonly bottleneck: string | undefined;
}

/** What makes fewer places, or more, of what another node made; the maps of pyramids of pools are no stages of their own. */
const resizing: ReadonlySet<string> = new Set(
  "AveragePool GlobalAveragePool GlobalMaxPool LpPool MaxPool ReduceMean ReduceMax Resize Upsample DepthToSpace".split(
    " ",
  ),
);

/** Of the most channels before anything is enlarged, the deepest map has more than so many: branches that pool have fewer. */
const leastChannels = 1 / 4;

interface Stage {
  readonly name: string;
  readonly places: number;
  readonly channels: number;
  /** Whether nothing on the way to it had fewer places. */
  readonly isBeforeEnlarging: boolean;
}

/**
 * The stages of a traced graph on the way to `logits`, the numbers of the output with places. The bottleneck is the last
 * of the feature maps with the fewest places among those before which nothing is enlarged and that have more than a
 * quarter of these maps' most channels. Undefined where no feature map has places.
 */
export function mapStages(graph: Graph, logits: string): MapStages | undefined {
  const own = valuesOfMap(graph, logits);
  const stages = stagesBefore(graph, logits, own);
  const last = stages.at(-1);
  if (!last) return undefined;
  const before = stages.filter(({ isBeforeEnlarging }) => isBeforeEnlarging);
  const most = before.reduce((so, { channels }) => Math.max(so, channels), 0);
  const wide = before.filter(({ channels }) => channels > leastChannels * most);
  const fewest = wide.reduce((so, { places }) => Math.min(so, places), Number.POSITIVE_INFINITY);
  const deepest = wide.findLast(({ places }) => places === fewest);
  const isEnlarged = deepest !== undefined && last.places > deepest.places;
  return { last: last.name, bottleneck: isEnlarged ? deepest.name : undefined };
}

/** All feature maps but those in which the output's numbers are made, in the order of computation. */
function stagesBefore(graph: Graph, logits: string, own: ReadonlySet<string>): readonly Stage[] {
  const fewest = new Map<string, number>();
  const stages: Stage[] = [];
  for (const node of [...nodesBefore(graph, logits)].toReversed()) {
    const least = node.inputs.reduce(
      (so, name) => Math.min(so, fewest.get(name) ?? Number.POSITIVE_INFINITY),
      Number.POSITIVE_INFINITY,
    );
    const stage = stageOf(graph, node, least);
    for (const name of node.outputs) fewest.set(name, Math.min(least, stage?.places ?? least));
    if (stage && stage.channels > 1 && !own.has(stage.name) && !resizing.has(node.operator)) {
      stages.push(stage);
    }
  }
  return stages;
}

function stageOf(graph: Graph, node: Node, least: number): Stage | undefined {
  const name = node.outputs[0]!;
  if (graph.shapes.get(name)?.dims.length !== 4) return undefined;
  const layout = mapLayout(graph, name);
  if (!layout) return undefined;
  const places = layout.height * layout.width;
  return { name, places, channels: layout.channels, isBeforeEnlarging: places <= least };
}
