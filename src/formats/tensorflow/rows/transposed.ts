/** @file Transposed convolutions: `input_sizes`, weights [h, w, out, in], and what they are laid over. */
import { heldFirst, channelsFirst, type NhwcValue } from "../../channels-last/nhwc-value.ts";
import { permutedTensor } from "../../channels-last/permuted-tensor.ts";
import type { Operation } from "../operation.ts";
import { isChannelsFirst, onMaps, spatial, windowOf } from "./data-format.ts";
import type { Row, Rows } from "./row.ts";
import { kernelOf } from "./windows.ts";

interface Cut {
  readonly begin: number;
  readonly end: number;
  /** Places behind the last ones that the kernel reaches. */
  readonly more: number;
}

/** What is cut off the ends of height and width, so that the result has the sizes that input 0 says. */
function cutsOf(o: Operation, kernel: readonly number[]): readonly [Cut, Cut] {
  const first = isChannelsFirst(o) ? 2 : 1;
  const strides = spatial(o, "strides");
  const sizes = o.probes.dimsOf(o.x(2));
  const goals = o.numbersAt(0, sizes.length);
  const found = sizes.map((dims, size): [Cut, Cut] => {
    const asked = goals[size]!;
    const [h, w] = [0, 1].map((axis) =>
      cutOf(o, dims[first + axis]!, kernel[axis]!, strides[axis]!, asked[first + axis]!),
    );
    return [h!, w!];
  });
  const [usual] = found as [[Cut, Cut]];
  if (found.every((cuts) => JSON.stringify(cuts) === JSON.stringify(usual))) return usual;
  throw o.refused("must grow alike at all sizes of its input", "export it at a fixed input size");
}

function cutOf(o: Operation, places: number, reach: number, stride: number, asked: number): Cut {
  const cut = (places - 1) * stride + reach - asked;
  const { padding } = windowOf(o);
  if (cut <= 0 && -cut < stride) return { begin: 0, end: 0, more: -cut };
  const begin = padding === "same" ? Math.floor(cut / 2) : Number.NaN;
  const isSmaller = cut > 0 && cut < reach && Math.ceil(asked / stride) === places;
  if (isSmaller && padding === "same") return { begin, end: cut - begin, more: 0 };
  throw o.refused(`must have an output that its stride leads to, got ${asked} of ${places}`);
}

const transposed: Row = (o) => {
  const kernel = kernelOf(o);
  const cuts = cutsOf(o, kernel.dims);
  const lay = (x: NhwcValue) => {
    if (x.dims.at(-1) !== kernel.dims[3]) {
      throw o.refused(`must have weights for ${x.dims.at(-1)} channels, got ${kernel.dims[3]}`);
    }
    const weights = o.b.initializer(`${o.name}/kernel`, permutedTensor(kernel, [3, 2, 0, 1]));
    const attributes = {
      kernel_shape: kernel.dims.slice(0, 2),
      strides: spatial(o, "strides"),
      pads: [...cuts.map(({ begin }) => begin), ...cuts.map(({ end }) => end)],
      output_padding: cuts.map(({ more }) => more),
    };
    return heldFirst(o.b.op("ConvTranspose", [channelsFirst(o.b, x), weights], attributes, o.name));
  };
  return onMaps(o, lay, 2);
};

export const transposedRows: Rows = { Conv2DBackpropInput: transposed };
