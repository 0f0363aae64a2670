/** @file The head of a one-stage detector without anchors: for every cell of every scale a box and a logit a class. */
import { LimpidError } from "../errors.ts";
import type { Value } from "../graph/builder.ts";
import { formatShape } from "../graph/tensor.ts";
import { drawKernel, filledWith } from "../layers/initialize.ts";
import type { LayerContext } from "../layers/layer.ts";
import type { BuiltNetwork, Cell, CellBoxes } from "./trainable-network.ts";

/** What a detector says of its cells. */
export type CellAnswers = Pick<BuiltNetwork, "logits"> & { readonly boxes: CellBoxes };

interface HeadSize {
  /** [C, H, W] of a picture. */
  readonly inputDims: readonly [number, number, number];
  readonly classes: number;
}

/** Sides of boxes before anything is learned, in strides. */
const startSide = 3;
/** Logit of every class before anything is learned: objects are rare (Lin et al. 2017, RetinaNet). */
const startLogit = -4;

/**
 * Joins feature maps of falling resolution. A cell of stride s at (x, y) with the numbers (a, b, c, d) has its box's
 * middle at (x + s a, y + s b), 3 s exp(c) wide and 3 s exp(d) high (Redmon and Farhadi 2018, YOLOv3, without anchors).
 * Values are called `boxes` and `logits`, cells row by row, the first scale's first. Throws `bad-option` for maps
 * that are no whole number of times smaller than the picture.
 */
export function detectionHead(
  context: LayerContext,
  maps: readonly Value[],
  { inputDims, classes }: HeadSize,
): CellAnswers {
  const { b, valueName } = context;
  const cells = maps.map((map, i) => cellsOf(map, inputDims, i));
  const rows = (name: string, filters: number, start: number) =>
    maps.map((map, i) => {
      const made = convolved(context, map, { name: `${name}${i + 1}`, filters, start });
      return b.op("Reshape", [made, b.ints([-1, filters, cells[i]!.length])]);
    });
  const logits = b.op(
    "Concat",
    rows("classes", classes, startLogit),
    { axis: 2 },
    valueName("logits"),
  );
  const raw = b.concat(rows("sides", 4, 0), 2);
  const all = cells.flat();
  return { logits, boxes: { values: decoded(context, raw, all), cells: all } };
}

function cellsOf(
  map: Value,
  [, height, width]: HeadSize["inputDims"],
  scale: number,
): readonly Cell[] {
  const [, , rows, columns] = map.dims as readonly [number, number, number, number];
  const stride = height / rows;
  if (map.dims.length !== 4 || !Number.isInteger(stride) || width / columns !== stride) {
    throw new LimpidError(
      "bad-option",
      `network: scale ${scale + 1} must end in a map a whole number of times smaller than the ${height} x ${width} picture, got ${formatShape(map.dims)}. check strides and sizes.`,
    );
  }
  return Array.from({ length: rows * columns }, (_, i) => ({
    x: ((i % columns) + 0.5) * stride,
    y: (Math.floor(i / columns) + 0.5) * stride,
    stride,
  }));
}

/** A 1 x 1 convolution; its bias begins at `start`. */
function convolved(
  context: LayerContext,
  map: Value,
  { name, filters, start }: { name: string; filters: number; start: number },
): Value {
  const channels = map.dims[1]!;
  const dims = [filters, channels, 1, 1];
  const fans = { in: channels, out: filters };
  const kernel = context.parameter(
    `${name}/kernel`,
    () => drawKernel("glorot-uniform", dims, fans, context.seed, name),
    true,
  );
  const bias = context.parameter(`${name}/bias`, () => filledWith(start, [filters]));
  return context.b.op(
    "Conv",
    [map, kernel, bias],
    { kernel_shape: [1, 1] },
    context.valueName(name),
  );
}

/** [N, 4, cells] in pixels. */
function decoded({ b, valueName }: LayerContext, raw: Value, cells: readonly Cell[]): Value {
  const row = (of: (cell: Cell) => number) => cells.map(of);
  const strides = b.constant(
    row(({ stride }) => stride),
    [1, 1, cells.length],
  );
  const middles = b.constant([...row(({ x }) => x), ...row(({ y }) => y)], [1, 2, cells.length]);
  const centres = b.add(b.mul(b.slice(raw, [0], [2], [1]), strides), middles);
  const sides = b.mul(b.op("Exp", [b.slice(raw, [2], [4], [1])]), b.scale(strides, startSide));
  return b.op("Concat", [centres, sides], { axis: 1 }, valueName("boxes"));
}
