/** @file Layers of Keras that move numbers, in double precision. */
import { inFormat, list, type MakerLayer } from "./maker-layer.ts";
import { resized, upsampled } from "./maker-resizing.ts";
import { at, every, permuted, reshaped } from "./numbers.ts";

const borders = (value: unknown, axes: number): readonly (readonly [number, number])[] => {
  if (typeof value === "number") return Array(axes).fill([value, value]) as [number, number][];
  const entries = value as (number | [number, number])[];
  if (axes === 1) return [entries as [number, number]];
  return entries.map((entry) => (typeof entry === "number" ? [entry, entry] : entry));
};

const padded =
  (axes: number): MakerLayer =>
  (call) =>
    inFormat(call, (x) => {
      const sides = [[0, 0], ...borders(call.config["padding"], axes), [0, 0]] as const;
      const dims = x.dims.map((dim, axis) => dim + sides[axis]![0] + sides[axis]![1]);
      return every(dims, (place) => {
        const from = place.map((index, axis) => index - sides[axis]![0]);
        return from.every((index, axis) => index >= 0 && index < x.dims[axis]!) ? at(x, from) : 0;
      });
    });

const cropped =
  (axes: number): MakerLayer =>
  (call) =>
    inFormat(call, (x) => {
      const sides = [[0, 0], ...borders(call.config["cropping"], axes), [0, 0]] as const;
      const dims = x.dims.map((dim, axis) => dim - sides[axis]![0] - sides[axis]![1]);
      return every(dims, (place) =>
        at(
          x,
          place.map((index, axis) => index + sides[axis]![0]),
        ),
      );
    });

/** Behind the batch, all in the order of channels last. */
const flattened: MakerLayer = (call) =>
  inFormat(call, (x) => reshaped(x, [x.dims[0]!, x.data.length / x.dims[0]!]));

const shaped: MakerLayer = ({ config, inputs: [x] }) => {
  const target = config["target_shape"] as number[];
  const known = target.filter((dim) => dim !== -1).reduce((all, dim) => all * dim, 1);
  const rest = x!.data.length / x!.dims[0]! / known;
  return reshaped(x!, [x!.dims[0]!, ...target.map((dim) => (dim === -1 ? rest : dim))]);
};

const repeated: MakerLayer = ({ config, inputs: [x] }) =>
  every([x!.dims[0]!, config["n"] as number, x!.dims[1]!], ([n = 0, , c = 0]) => at(x!, [n, c]));

const same: MakerLayer = ({ inputs: [x] }) => x!;

export const makerShapes: Readonly<Record<string, MakerLayer>> = {
  ZeroPadding1D: padded(1),
  ZeroPadding2D: padded(2),
  ZeroPadding3D: padded(3),
  Cropping1D: cropped(1),
  Cropping2D: cropped(2),
  Cropping3D: cropped(3),
  UpSampling1D: (call) => upsampled(call.inputs[0]!, list(call.config["size"], 1, 2), "nearest"),
  UpSampling2D: (call) =>
    inFormat(call, (x) =>
      upsampled(
        x,
        list(call.config["size"], 2, 2),
        (call.config["interpolation"] as string) ?? "nearest",
      ),
    ),
  UpSampling3D: (call) =>
    inFormat(call, (x) => upsampled(x, list(call.config["size"], 3, 2), "nearest")),
  Resizing: (call) => inFormat(call, (x) => resized(x, call.config)),
  CenterCrop: ({ config, inputs: [x] }) => {
    const [n = 0, h = 0, w = 0, c = 0] = x!.dims;
    const [height, width] = [config["height"] as number, config["width"] as number];
    const [top, left] = [Math.floor((h - height) / 2), Math.floor((w - width) / 2)];
    return every([n, height, width, c], ([i = 0, y = 0, z = 0, f = 0]) =>
      at(x!, [i, y + top, z + left, f]),
    );
  },
  RandomCrop: same,
  Flatten: flattened,
  Reshape: shaped,
  Permute: ({ config, inputs: [x] }) => permuted(x!, [0, ...(config["dims"] as number[])]),
  RepeatVector: repeated,
};
