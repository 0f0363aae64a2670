import { describe, expect, test } from "vitest";
import { backpropagate } from "../autodiff/differentiate.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { tensor, type Tensor } from "../graph/tensor.ts";
import { randomStream } from "../random.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { transform, windowMatrix, type TransformOptions } from "./transforms.ts";

const runtime = createNodeRuntime({ threads: 1 });
const pictures = 2;
const channels = 3;
const [heightPx, widthPx] = [12, 10];
const dims = [pictures, channels, heightPx, widthPx];
const sizes = {
  channels,
  from: { heightPx, widthPx },
  to: { heightPx: 9, widthPx: 11 },
};

function noise(count: number, key: string): Float32Array {
  const random = randomStream(5, key);
  return Float32Array.from({ length: count }, () => random.uniform());
}

/** What the network sees, and the gradient to the pictures of its sum weighted by `weights`. */
async function run(
  options: TransformOptions,
  picture: Float32Array,
  weights: Float32Array,
  step = 0,
) {
  const { build, draw } = transform(options, sizes);
  const b = new GraphBuilder();
  const x = b.input("x", dims);
  const seen = build(b, x);
  const weighted = b.mul(seen, b.constant(weights, seen.dims));
  const [gradient] = backpropagate(b, { of: b.reduceSum(weighted, [0, 1, 2, 3]), wrt: [x] });
  b.output(b.op("Identity", [seen], {}, "seen"));
  b.output(b.op("Identity", [gradient!], {}, "gradient"));
  const draws = draw(randomStream(1, "transform", step));
  const results = await runtime.run(b.build(), { x: tensor("float32", dims, picture), ...draws });
  return { seen: results["seen"]!, gradient: results["gradient"]!, draws };
}

/** The same in float64, pixel by pixel: rotation with bilinear reading, then rows and columns; grey is 0. */
function expected(picture: Float32Array, draws: Record<string, Tensor>): number[] {
  const rows = draws["transform/rows"]!;
  const columns = draws["transform/columns"]!;
  const map = draws["transform/rotation"]!.data as Float32Array;
  const [frameHeight, frameWidth] = [rows.dims[1]!, columns.dims[0]!];
  const result: number[] = [];
  for (let plane = 0; plane < pictures * channels; plane++) {
    const pixel = (y: number, x: number) =>
      y < 0 || x < 0 || y >= heightPx || x >= widthPx
        ? 0
        : picture[(plane * heightPx + y) * widthPx + x]! - 0.5;
    const turned = Array.from({ length: frameHeight * frameWidth }, (_, i) => {
      const dx = (i % frameWidth) - (frameWidth - 1) / 2;
      const dy = Math.floor(i / frameWidth) - (frameHeight - 1) / 2;
      const x = ((map[0]! * dx + map[1]! * dy) * widthPx + widthPx - 1) / 2;
      const y = ((map[2]! * dx + map[3]! * dy) * heightPx + heightPx - 1) / 2;
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [sx, sy] = [x - left, y - top];
      const upper = (1 - sx) * pixel(top, left) + sx * pixel(top, left + 1);
      const lower = (1 - sx) * pixel(top + 1, left) + sx * pixel(top + 1, left + 1);
      return (1 - sy) * upper + sy * lower;
    });
    for (let toY = 0; toY < sizes.to.heightPx; toY++) {
      for (let toX = 0; toX < sizes.to.widthPx; toX++) {
        let sum = 0.5;
        for (let y = 0; y < frameHeight; y++) {
          for (let x = 0; x < frameWidth; x++) {
            const row = (rows.data as Float32Array)[toY * frameHeight + y]!;
            const column = (columns.data as Float32Array)[x * sizes.to.widthPx + toX]!;
            sum += row * turned[y * frameWidth + x]! * column;
          }
        }
        result.push(sum);
      }
    }
  }
  return result;
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);

describe.each<[string, TransformOptions]>([
  ["rotation alone", { rotateDegrees: 30 }],
  ["rotation onto a border", { rotateDegrees: 20, pad: 0.2 }],
  [
    "everything",
    { rotateDegrees: 10, pad: 0.1, jitter: 0.1, scale: [0.8, 1.2], blur: 0.05, flip: true },
  ],
])("%s", (_, options) => {
  const count = pictures * channels * sizes.to.heightPx * sizes.to.widthPx;
  const picture = noise(pictures * channels * heightPx * widthPx, "picture");
  const weights = noise(count, "weights");

  test("is what float64 gives, pixel by pixel", async () => {
    const { seen, draws } = await run(options, picture, weights);
    expect(seen.dims).toEqual([pictures, channels, sizes.to.heightPx, sizes.to.widthPx]);
    expect(seen).toBeAllclose(expected(picture, draws), { rtol: 0, atol: 1e-5 });
  });

  test("has the gradient of a linear map: <A u, w> = <u, A' w>", async () => {
    const { gradient } = await run(options, picture, weights);
    const other = noise(picture.length, "other");
    const [first, second] = [
      await run(options, picture, weights),
      await run(options, other, weights),
    ];
    const seen = first.seen.data as Float32Array;
    const difference = seen.map((value, i) => value - Number(second.seen.data[i]));
    const moved = picture.map((value, i) => value - other[i]!);
    expect(dot(difference, weights)).toBeCloseTo(dot(moved, gradient.data as Float32Array), 3);
  });
});

describe("a draw", () => {
  const weights = new Float32Array(pictures * channels * 9 * 11).fill(1);

  test("turns by at most the limit, the same way for the same step", () => {
    const { draw } = transform({ rotateDegrees: 15 }, sizes);
    const angles = Array.from({ length: 50 }, (_, step) => {
      const map = draw(randomStream(1, step))["transform/rotation"]!.data as Float32Array;
      expect(Math.hypot(map[0]! * widthPx, map[2]! * heightPx)).toBeCloseTo(2, 5);
      return Math.atan2(map[2]! * heightPx, map[0]! * widthPx) * (180 / Math.PI);
    });
    expect(Math.max(...angles)).toBeLessThanOrEqual(15.001);
    expect(Math.min(...angles)).toBeGreaterThanOrEqual(-15.001);
    expect(Math.max(...angles) - Math.min(...angles)).toBeGreaterThan(20);
    const again = draw(randomStream(1, 3))["transform/rotation"]!;
    expect(again.data).toEqual(draw(randomStream(1, 3))["transform/rotation"]!.data);
  });

  test("with a border keeps the corners that turn out of the picture", async () => {
    const white = new Float32Array(pictures * channels * heightPx * widthPx).fill(1);
    // How much of what is seen comes from the pixel that is seen least.
    const least = async (pad: number) => {
      const { gradient } = await run({ rotateDegrees: 45, pad }, white, weights, 2);
      return Math.min(...(gradient.data as Float32Array));
    };
    expect(await least(0)).toBe(0);
    expect(await least(0.3)).toBeGreaterThan(0);
  });
});

test("a window as long as the picture reads it unchanged", () => {
  const matrix = windowMatrix(4, 4, 2, 4, 0, false);
  expect(Array.from(matrix)).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
  const mirrored = windowMatrix(4, 4, 2, 4, 0, true);
  expect(Array.from(mirrored)).toEqual([0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0]);
});
