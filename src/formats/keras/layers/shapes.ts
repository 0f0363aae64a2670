/** @file Layers that move numbers: other axes, borders, cuts, repetitions. */
import { elementCount } from "../../../graph/tensor.ts";
import { heldLast, makersOrder } from "../../channels-last/nhwc-value.ts";
import { flatten, pad, reshape, slice, transpose } from "../../channels-last/shapes.ts";
import { inDataFormat } from "./data-format.ts";
import { only, refused, requireRank, type LayerCall, type LayerKind } from "./layer-kind.ts";

const flattenLayer: LayerKind = {
  build: (call) => {
    const x = only(call);
    call.requireKnown(x);
    return x.dims.length < 2
      ? heldLast(call.b.op("Reshape", [x.value, call.b.ints([-1, 1])], {}, call.name))
      : inDataFormat(call, x, (held) => flatten(call.b, held, call.name));
  },
};

const reshapeLayer: LayerKind = {
  build: (call) => {
    const x = only(call);
    const target = call.config.ints("target_shape");
    requireTarget(call, x.dims, target);
    if (!target.includes(-1)) call.requireKnown(x);
    return reshape(call.b, x, target, call.name);
  },
};

/** Throws `bad-file` unless what an example holds can have the axes wanted, of which one may be -1. */
function requireTarget(
  call: LayerCall,
  [, ...inner]: readonly number[],
  target: readonly number[],
): void {
  const open = target.filter((dim) => dim === -1).length;
  const known = elementCount(target.filter((dim) => dim !== -1));
  const count = elementCount(inner);
  const fits = open === 0 ? known === count : known > 0 && count % known === 0;
  if (open < 2 && fits && target.every((dim) => dim === -1 || dim > 0)) return;
  throw refused(
    call,
    `${count} numbers of an example must fill its shape, got [${target.join(", ")}]`,
  );
}

const permuteLayer: LayerKind = {
  build: (call) => {
    const x = only(call);
    const dims = call.config.ints("dims");
    const isOrder = dims.toSorted((a, b) => a - b).every((dim, i) => dim === i + 1);
    if (!isOrder || dims.length !== x.dims.length - 1) {
      throw refused(call, `"dims" must order ${x.dims.length - 1} axes, got [${dims.join(", ")}]`);
    }
    return transpose(call.b, x, [0, ...dims], call.name);
  },
};

const repeatLayer: LayerKind = {
  build: (call) => {
    const { b, config, name } = call;
    const x = only(call);
    requireRank(call, x, 2);
    const [times = 1] = config.sizes("n", 1);
    const row = b.op("Reshape", [makersOrder(b, x), b.ints([0, 1, x.dims[1]!])]);
    return heldLast(b.op("Expand", [row, b.ints([1, times, 1])], {}, name));
  },
};

type Border = readonly [number, number];

/** Borders of each spatial axis: one number for all, one an axis, or before and after an axis. */
function bordersOf(call: LayerCall, field: string, axes: number, usual: number): readonly Border[] {
  const value = call.config.get(field) ?? usual;
  const listed = typeof value === "number" ? Array<unknown>(axes).fill(value) : value;
  // Over one axis the pair itself is the border.
  const isPair = axes === 1 && Array.isArray(listed) && listed.length === 2;
  const entries = isPair ? [listed] : listed;
  if (Array.isArray(entries) && entries.length === axes) {
    const borders: unknown[] = entries.map((side) => (Array.isArray(side) ? side : [side, side]));
    if (borders.every(isBorder)) return borders;
  }
  throw refused(call, `"${field}" must give borders of ${axes} axes, got ${JSON.stringify(value)}`);
}

const widest = 2 ** 20;

function isBorder(border: unknown): border is Border {
  return (
    Array.isArray(border) &&
    border.length === 2 &&
    border.every((side) => Number.isSafeInteger(side) && Number(side) >= 0 && Number(side) < widest)
  );
}

function paddingOver(axes: number): LayerKind {
  return {
    build: (call) => {
      const x = only(call);
      requireRank(call, x, axes + 2);
      const borders = bordersOf(call, "padding", axes, 1);
      const all: readonly Border[] = [[0, 0], ...borders, [0, 0]];
      return inDataFormat(call, x, (held) => pad(call.b, held, all, call.name));
    },
  };
}

/** Behind the end of every axis. */
const pastEnd = 2 ** 31 - 1;

function croppingOver(axes: number): LayerKind {
  return {
    build: (call) => {
      const x = only(call);
      requireRank(call, x, axes + 2);
      const borders = bordersOf(call, "cropping", axes, axes === 1 ? 1 : 0);
      const cuts = borders.map(([start, end], axis) => ({
        axis: axis + 1,
        start,
        end: end === 0 ? pastEnd : -end,
      }));
      return inDataFormat(call, x, (held) => slice(call.b, held, cuts, call.name));
    },
  };
}

export const shapeLayers: Readonly<Record<string, LayerKind>> = {
  Flatten: flattenLayer,
  Reshape: reshapeLayer,
  Permute: permuteLayer,
  RepeatVector: repeatLayer,
  ZeroPadding1D: paddingOver(1),
  ZeroPadding2D: paddingOver(2),
  ZeroPadding3D: paddingOver(3),
  Cropping1D: croppingOver(1),
  Cropping2D: croppingOver(2),
  Cropping3D: croppingOver(3),
};
