/** @file Merges of Keras in double precision. */
import type { MakerLayer } from "./maker-layer.ts";
import {
  at,
  every,
  mapped,
  mean,
  paired,
  reduced,
  reshaped,
  sum,
  type Numbers,
} from "./numbers.ts";

const merged =
  (value: (numbers: readonly number[]) => number): MakerLayer =>
  ({ inputs }) => {
    const rank = Math.max(...inputs.map(({ dims }) => dims.length));
    const whole = inputs.map((x) => {
      const [n = 0, ...rest] = x.dims;
      return reshaped(x, [n, ...Array<number>(rank - x.dims.length).fill(1), ...rest]);
    });
    const dims = whole[0]!.dims.map((_, axis) => Math.max(...whole.map((x) => x.dims[axis]!)));
    return every(dims, (place) =>
      value(
        whole.map((x) =>
          at(
            x,
            place.map((index, axis) => (x.dims[axis] === 1 ? 0 : index)),
          ),
        ),
      ),
    );
  };

const joined: MakerLayer = ({ config, inputs }) => {
  const rank = inputs[0]!.dims.length;
  const given = (config["axis"] as number) ?? -1;
  const axis = given < 0 ? given + rank : given;
  const dims = inputs[0]!.dims.with(axis, sum(inputs.map((x) => x.dims[axis]!)));
  return every(dims, (place) => {
    let index = place[axis]!;
    const x = inputs.find((each) => {
      if (index < each.dims[axis]!) return true;
      index -= each.dims[axis]!;
      return false;
    })!;
    return at(x, place.with(axis, index));
  });
};

/** Vectors along some axes brought to length 1. */
export const unit = (x: Numbers, axes: readonly number[]): Numbers => {
  const squares = reduced(
    mapped(x, (value) => value * value),
    axes,
    sum,
  );
  return paired(x, squares, (value, all) => value / Math.sqrt(Math.max(all, 1e-12)));
};

/** Sums over one axis of each of the products of all that is left of both. */
const dot: MakerLayer = ({ config, inputs: [x, y] }) => {
  const given = config["axes"] as number | readonly number[];
  const [left, right] = (Array.isArray(given) ? given : [given, given]) as [number, number];
  const [a, b] = [
    left < 0 ? left + x!.dims.length : left,
    right < 0 ? right + y!.dims.length : right,
  ];
  const [first, second] = config["normalize"] === true ? [unit(x!, [a]), unit(y!, [b])] : [x!, y!];
  const [rest, others] = [
    first.dims.filter((_, axis) => axis > 0 && axis !== a),
    second.dims.filter((_, axis) => axis > 0 && axis !== b),
  ];
  const result = every([first.dims[0]!, ...rest, ...others], ([n = 0, ...place]) => {
    let all = 0;
    for (let i = 0; i < first.dims[a]!; i++) {
      const from = [n, ...place.slice(0, rest.length)].toSpliced(a, 0, i);
      const other = [n, ...place.slice(rest.length)].toSpliced(b, 0, i);
      all += at(first, from) * at(second, other);
    }
    return all;
  });
  return result.dims.length === 1 ? reshaped(result, [result.dims[0]!, 1]) : result;
};

export const makerMerges: Readonly<Record<string, MakerLayer>> = {
  Add: merged(sum),
  Subtract: merged(([a = 0, b = 0]) => a - b),
  Multiply: merged((values) => values.reduce((all, x) => all * x, 1)),
  Average: merged(mean),
  Maximum: merged((values) => Math.max(...values)),
  Minimum: merged((values) => Math.min(...values)),
  Concatenate: joined,
  Dot: dot,
  CustomScaleLayer: ({ config, inputs: [x, y] }) =>
    paired(x!, y!, (a, b) => a + b * (config["scale"] as number)),
};
