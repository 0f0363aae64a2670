/** @file Maps of the picture that a network is given here, as maps of the inputs that its file has. */
import { nodesBefore } from "../graph/edit.ts";
import type { Graph } from "../graph/graph.ts";
import { hasPlaces, type InputPart } from "../graph/input-parts.ts";
import { placeOf, type PartPlace } from "../graph/part-place.ts";
import type { Model } from "../network/model.ts";
import { appearances, concentration } from "./diagnosis/why-blank.ts";
import { warningsOf, type Heatmap } from "./heatmap.ts";

/**
 * Each map as the maps of the inputs that it is of, in the inputs' own axes, one list an input. `dims` is the shape
 * [N, C, H, W] of what was explained, and `traced` the graph for it. Maps of a layer belong to the input that it depends
 * on, of several the first with places; those of pixels are called by their input.
 */
export function partMaps(
  { parts, input }: Pick<Model, "parts" | "input">,
  maps: readonly Heatmap[],
  dims: readonly number[],
  traced: Graph,
): readonly (readonly Heatmap[])[] {
  const [first] = maps;
  if (!first) return [];
  const isOfPixels = first.layer === input.name;
  if (!isOfPixels) {
    const { name, kind } = partOfLayer(parts, traced, first.layer);
    return [maps.map((map) => ({ ...map, part: name, kind }))];
  }
  return parts.map((part) => maps.map((map) => partOf(map, part, dims, parts.length > 1)));
}

/** The part that a layer depends on. */
function partOfLayer(parts: readonly InputPart[], traced: Graph, layer: string): InputPart {
  const before = nodesBefore(traced, layer);
  const values = new Set([...before].flatMap(({ inputs, outputs }) => [...inputs, ...outputs]));
  const placed = parts.filter(hasPlaces);
  return placed.find(({ name }) => values.has(name)) ?? placed[0] ?? parts[0]!;
}

function partOf(map: Heatmap, part: InputPart, dims: readonly number[], isCut: boolean): Heatmap {
  const place = placeOf(part, dims);
  const isOfChannels = map.dims.length === 3;
  const channels = isOfChannels ? place.channels : 1;
  const data = isCut ? cutOut(map, place, channels, isOfChannels) : map.data;
  const isRow = part.kind === "flat" || part.kind === "numbers";
  const own = isRow || !isOfChannels ? place.sides : [channels, ...place.sides];
  const { name, kind } = part;
  const cut = { ...map, data, dims: own, part: name, kind, layer: name };
  return { ...cut, warnings: isCut ? ownWarnings(cut, part) : withoutSingle(map.warnings) };
}

function cutOut(
  { data, dims }: Heatmap,
  { firstChannel, rows, columns }: PartPlace,
  channels: number,
  isOfChannels: boolean,
): Float32Array {
  const [height, width] = dims.slice(-2) as [number, number];
  const cut = new Float32Array(channels * rows * columns);
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < rows; y++) {
      const from = (((isOfChannels ? firstChannel : 0) + c) * height + y) * width;
      cut.set(data.subarray(from, from + columns), (c * rows + y) * columns);
    }
  }
  return cut;
}

/** What is odd about a part's own numbers, and what holds of all parts together. */
function ownWarnings(map: Heatmap, part: InputPart): Heatmap["warnings"] {
  const odd = withoutSingle(warningsOf(map.data));
  const others = map.warnings.filter(({ cause }) => !appearances.has(cause));
  const isPlain = odd.length === 0 && map.data.length > 1;
  return [...odd, ...others, ...(isPlain ? concentration(map, [part]) : [])];
}

/** An input of one number has never had other places. */
function withoutSingle(warnings: Heatmap["warnings"]): Heatmap["warnings"] {
  return warnings.filter(({ cause }) => cause !== "single-place");
}
