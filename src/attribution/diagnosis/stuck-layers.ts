/** @file Layers through which nothing passes, or whose numbers are no longer finite, as causes of an odd map. */
import { hasTrait, operatorsWith } from "../../graph/operators.ts";
import type { StopSignal } from "../../errors.ts";
import { cut } from "../../graph/edit.ts";
import { producers, type Graph, type Node } from "../../graph/graph.ts";
import { layersOf } from "../../network/layers.ts";
import { toNumbers, type Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { runDims } from "../../network/batches.ts";
import type { Heatmap, MapWarning } from "../heatmap.ts";
import { scoreRows } from "../perturbation/scored-rows.ts";

/** What the layers of a network tell of a map that is blank, flat or not finite; the network runs once for it. */
export async function layerReasons(
  model: Model,
  picture: Tensor,
  map: Heatmap,
  signal: StopSignal | undefined,
): Promise<MapWarning[]> {
  const traced = await model.at(runDims(model, picture.dims));
  const layer = map.layers?.[0] ?? map.layer;
  const names = layersOf(traced)
    .filter(({ name, operator }) => operatorsWith("saturates").has(operator) || name === layer)
    .map(({ name }) => name);
  const request = { targets: [map.target], values: names, ...(signal ? { signal } : {}) };
  const [scored] = await scoreRows(model, picture, request);
  const values = new Map(names.map((name, i) => [name, scored!.values[i]!]));
  if (map.warnings.some(({ cause }) => cause === "not-finite")) return [overflow(values, map)];
  const makers = producers(traced);
  const stuck = names.filter((name) =>
    isStuck(values.get(name)!, makers.get(name), traced.initializers),
  );
  const isCause = (some: readonly string[]) =>
    some.includes(layer) || cutsOff(traced, model, layer, some);
  if (!isCause(stuck)) return [];
  const alone = stuck.find((name) => isCause([name]));
  const first = alone ?? stuck[0]!;
  const others = alone === undefined ? ` and ${stuck.length - 1} more that lie beside it` : "";
  const value = values.get(first)![0]!;
  const state = value === 0 ? "dead: every unit of it is 0" : `stuck: every unit of it is ${value}`;
  const message = `layer ${first}${others} is ${state} for this picture, so nothing passes: check the preprocessing and the weights, or try another picture`;
  return [{ cause: "dead-layer", message }];
}

/**
 * Whether every unit of a layer is where its function no longer moves: 0 of any, a bound of `Clip`, an end of sigmoids.
 * Units that are equal and alive are not stuck; a single one, such as the output of a sigmoid, is no layer.
 */
function isStuck(
  values: Float32Array,
  maker: Node | undefined,
  constants: ReadonlyMap<string, Tensor>,
): boolean {
  const [first] = values;
  if (values.length < 2 || !values.every((value) => value === first)) return false;
  return first === 0 || endsOf(maker, constants).includes(first!);
}

/** The numbers other than 0 at which a function no longer moves. */
function endsOf(maker: Node | undefined, constants: ReadonlyMap<string, Tensor>): number[] {
  if (!maker || !hasTrait(maker, "saturates")) return [];
  if (maker.operator !== "Clip") return [-1, 1];
  return maker.inputs.slice(1).flatMap((name) => {
    const bound = constants.get(name);
    return bound ? toNumbers(bound) : [];
  });
}

/** Whether every way from the picture to a layer, or from the layer to the score, leads through stuck layers. */
export function cutsOff(
  traced: Graph,
  model: Model,
  layer: string,
  stuck: readonly string[],
): boolean {
  if (stuck.length === 0) return false;
  const isBehind = (output: string, value: string) => {
    const graph = cut(traced, { outputs: [output], inputs: stuck });
    return (
      graph.inputs.some(({ name }) => name === value) ||
      graph.nodes.some(({ outputs }) => outputs.includes(value))
    );
  };
  if (!isBehind(model.explained, layer)) return true;
  return layer !== model.input.name && !isBehind(layer, model.input.name);
}

function overflow(values: ReadonlyMap<string, Float32Array>, map: Heatmap): MapWarning {
  const first = [...values].find(([, numbers]) => numbers.some((value) => !Number.isFinite(value)));
  if (first) {
    const why = first[1].some((value) => Number.isNaN(value))
      ? "some operator up to it has no result for what it gets, as the logarithm of a negative number has none (check the preprocessing and the network)"
      : "the input is too large for it (check the preprocessing), or the weights are broken";
    const message = `the network's own numbers are no longer finite at layer ${first[0]}: ${why}`;
    return { cause: "not-finite", message };
  }
  const where = Number.isFinite(map.logit) ? "the method's" : "the network's last";
  const message = `${where} numbers overflow: try a smaller input or another method`;
  return { cause: "not-finite", message };
}
