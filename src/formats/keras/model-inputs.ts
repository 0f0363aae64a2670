/** @file The inputs of a Keras model as those of a graph. */
import * as v from "valibot";
import { shownJson } from "../../wording/read-json.ts";
import type { Dimension } from "../../graph/graph.ts";
import { heldFirst, heldLast, toLast, type NhwcValue } from "../channels-last/nhwc-value.ts";
import type { Building } from "./add-model.ts";
import { badLayer } from "./bad-model.ts";
import { isObject, withoutTuples } from "./layer-config.ts";
import { readersOf, type KerasLayer, type KerasModel } from "./model-config.ts";
import { inputShapeOf } from "./read-model.ts";

/** Places on a side that the file leaves open, while the graph is built: enough for all pools of usual networks. */
const usualPlaces = 224;

/** Another number of them, to tell which sizes depend on it. */
const otherPlaces = 288;

const mostPlaces = 2 ** 24;

/** Names of axes behind the batch by the number of all axes, as their maker has them. */
const axisNames: Readonly<Record<number, readonly string[]>> = {
  3: ["L"],
  4: ["H", "W"],
  5: ["D", "H", "W"],
};

const shape = v.pipe(v.array(v.nullable(v.number())), v.minLength(1), v.maxLength(8));

/** Adds the inputs in the model's order: [N, C, H, W] for what the maker has as [N, H, W, C]. Throws `bad-file`. */
export function addInputs(building: Building, model: KerasModel): readonly NhwcValue[] {
  const { b, names, probes } = building;
  const byName = new Map(model.layers.map((layer) => [layer.name, layer]));
  const isFirst = hasChannelsFirst(model);
  const readers = readersOf(model);
  return model.inputs.map(({ layer: name }) => {
    const layer = byName.get(name)!;
    const dims = dimsOf(layer);
    const [, ...inner] = dims;
    const isMap = inner.length > 2 || (inner.length === 2 && feedsWindows(readers, name));
    const isTurned = isMap && !isFirst;
    const sizesAt = (places: number) => [1, ...inner.map((dim) => dim ?? places)];
    const open: Dimension[] = ["N", ...openNames(inner, isFirst && isMap)];
    if (isMap && inner.at(isFirst ? 0 : -1) === null) {
      throw badLayer(layer, `its channels must be known, got ${shownJson(dims)}`);
    }
    const called = names.next([], name);
    const turn = <T>([n, ...rest]: readonly T[]): T[] => [n!, rest.at(-1)!, ...rest.slice(0, -1)];
    const order = <T>(axes: readonly T[]) => (isTurned ? turn(axes) : axes);
    const other = { type: "float32", dims: order(sizesAt(otherPlaces)) } as const;
    probes.input(called, [other]);
    const fileOrder = isTurned ? toLast(dims.length) : undefined;
    const sizes = order(sizesAt(usualPlaces));
    const value = b.input(called, sizes, "float32", order(open), fileOrder);
    return isTurned ? heldFirst(value) : heldLast(value);
  });
}

/** Sizes of an input behind the batch, and names of those that are open. */
function openNames(inner: readonly (number | null)[], isFirst: boolean): readonly Dimension[] {
  const names = axisNames[inner.length + 1] ?? [];
  return inner.map((dim, i) => dim ?? names[isFirst ? i - 1 : i] ?? `axis_${i + 1}`);
}

function dimsOf(layer: KerasLayer): readonly (number | null)[] {
  const given = inputShapeOf(layer);
  const own = withoutTuples(layer.config["shape"]);
  const dims = v.safeParse(
    shape,
    given ?? (Array.isArray(own) ? [null, ...(own as unknown[])] : own),
  );
  const isSize = (dim: number | null) =>
    dim === null || (Number.isSafeInteger(dim) && dim > 0 && dim < mostPlaces);
  // TF.js writes axes that are open as -1 at times.
  const known = dims.success ? dims.output.map((dim) => (dim === -1 ? null : dim)) : [];
  if (known.length > 0 && known.every(isSize)) return known;
  throw badLayer(
    layer,
    `the shape of the model's input must be known, got ${shownJson(given)}`,
    "save the model with an input layer, or after it was called once",
  );
}

/** Whether layers of a model, or of models in it, have their channels first. */
function hasChannelsFirst({ layers }: KerasModel): boolean {
  return layers.some(({ config, model }) => {
    const format = isObject(config) ? config["data_format"] : undefined;
    return /^channels_?first$/i.test(String(format)) || (model && hasChannelsFirst(model));
  });
}

/** Whether layers with windows over one axis take an input [N, L, C]: it is a row of places with channels then. */
function feedsWindows(readers: ReturnType<typeof readersOf>, name: string): boolean {
  return [...(readers.get(name) ?? [])].some(({ className, model: inner }) => {
    const input = inner?.inputs[0]?.layer;
    return (
      className.endsWith("1D") ||
      (inner !== undefined && input !== undefined && feedsWindows(readersOf(inner), input))
    );
  });
}
