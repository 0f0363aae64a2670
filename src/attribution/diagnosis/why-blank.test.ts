import { describe, expect, test } from "vitest";
import { libraryWords, say, wordsOf } from "../../wording/face.ts";
import { createReferenceRuntime } from "../../../test/reference/reference-runtime.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import { tensorOf, type Tensor } from "../../graph/tensor.ts";
import { Model, type ModelOptions } from "../../network/model.ts";
import { randomStream } from "../../random.ts";
import { explainedModelOf } from "../../scores/explained-model.ts";
import { gradCam } from "../cam/grad-cam.ts";
import { gradient } from "../gradient/gradient.ts";
import type { Heatmap } from "../heatmap.ts";
import type { ChannelRange } from "../../network/choose-preprocessing.ts";
import { withReasons } from "./why-blank.ts";

const runtime = createReferenceRuntime();
/** The same numbers for the same count, so that tests do not depend on each other. */
const drawn = (count: number) => {
  const random = randomStream("why blank", count);
  return Array.from({ length: count }, () => random.normal());
};

/** What is done to the network to make its maps blank. */
interface Faults {
  /** Added to what the first and the second convolution give. */
  readonly first?: number;
  readonly second?: number;
  /** Factor on the dense weights. */
  readonly steep?: number;
  /** One row a class; random by default. */
  readonly dense?: readonly number[];
  readonly activation?: "Relu" | "ceiling";
}

/** Conv, ReLU `early`, Conv, ReLU `late`, mean over places, dense layer `logits`, softmax; pictures [N, 1, 6, 6]. */
function network(faults: Faults = {}, options: ModelOptions = {}): Model {
  const { first = 0, second = 0, steep = 1, dense = drawn(6) } = faults;
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, 6, 6]);
  const conv = (value: typeof x, dims: readonly number[], shift: number, name: string) => {
    const weights = drawn(dims.reduce((product, dim) => product * dim, 1));
    const y = b.add(b.op("Conv", [value, b.constant(weights, dims)]), b.scalar(shift));
    if (faults.activation !== "ceiling") return b.op("Relu", [y], {}, name);
    return b.op("Clip", [y, b.scalar(0), b.scalar(6)], {}, name);
  };
  const early = conv(x, [2, 1, 3, 3], first, "early");
  const late = conv(early, [3, 2, 2, 2], second, "late");
  const pooled = b.op("Flatten", [b.op("GlobalAveragePool", [late])]);
  const weights = b.constant(
    dense.map((weight) => steep * weight),
    [3, 2],
  );
  const logits = b.op("Gemm", [pooled, weights], {}, "logits");
  b.output(b.op("Softmax", [logits], { axis: 1 }, "probabilities"));
  return new Model(b.build(), runtime, options);
}

const picture = (values: readonly number[]): Tensor => tensorOf("float32", [1, 1, 6, 6], values);
const lively = picture(drawn(36));

async function causesOf(
  model: Model,
  input: Tensor,
  maps: Promise<readonly Heatmap[]>,
  expected?: readonly ChannelRange[],
) {
  const [map] = await withReasons(model, input, await maps, expected ? { expected } : {});
  return map!.warnings.map(({ cause }) => cause);
}

async function messagesOf(model: Model, input: Tensor, maps: Promise<readonly Heatmap[]>) {
  const [map] = await withReasons(model, input, await maps);
  return map!.warnings.map(({ message }) => wordsOf(message, libraryWords)).join("\n");
}

const target = { targets: [0] };

test("a map with a shape has no warnings", async () => {
  const model = network({ dense: [1, 0, 1, 0, 1, 0], first: 3, second: 3 });
  expect(await causesOf(model, lively, gradCam(model, lively, target))).toEqual([]);
  expect(await causesOf(model, lively, gradient(model, lively, target))).toEqual([]);
});

describe("a dead layer", () => {
  test("is named where the map lies on it", async () => {
    const model = network({ second: -1e3 });
    const maps = gradCam(model, lively, target);
    expect(await causesOf(model, lively, maps)).toEqual(["all-zero", "dead-layer"]);
    expect(await messagesOf(model, lively, maps)).toMatch(/layer late is dead/);
  });

  test("is named where it lies behind the map's layer", async () => {
    const model = network({ second: -1e3 });
    const maps = gradCam(model, lively, { ...target, layer: "early" });
    expect(await messagesOf(model, lively, maps)).toMatch(/layer late is dead/);
  });

  test("is named where it lies before the map's layer", async () => {
    const model = network({ first: -1e3, second: 5, dense: [1, 0, 1, 0, 1, 0] });
    const maps = gradCam(model, lively, target);
    expect(await causesOf(model, lively, maps)).toEqual(["constant", "dead-layer"]);
    expect(await messagesOf(model, lively, maps)).toMatch(/layer early .*is dead/);
  });

  test("is named for gradients of pixels", async () => {
    const model = network({ first: -1e3 });
    const maps = gradient(model, lively, target);
    expect(await messagesOf(model, lively, maps)).toMatch(/layer early .*is dead/);
  });

  test("may be stuck at its ceiling instead of 0", async () => {
    const model = network({ activation: "ceiling", first: 1e3 });
    const maps = gradient(model, lively, target);
    expect(await messagesOf(model, lively, maps)).toMatch(/layer early .*is stuck.*is 6/);
  });

  test("is no reason where another way leads around it", async () => {
    const b = new GraphBuilder();
    const x = b.input("x", [1, 1, 6, 6]);
    const dead = b.op("Relu", [b.sub(b.mul(x, x), b.scalar(1e3))], {}, "dead");
    const alive = b.op("Relu", [x], {}, "alive");
    const zero = b.mul(b.add(alive, dead), b.scalar(0));
    b.output(b.add(b.reduceMean(b.concat([zero, zero], 1), [2, 3], false), b.scalar(1)));
    const model = new Model(b.build(), runtime);
    const maps = gradient(model, lively, target);
    expect(await causesOf(model, lively, maps)).toEqual(["all-zero"]);
  });
});

test("units that are equal and alive are not stuck", async () => {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, 6, 6]);
  const ones = (dims: readonly number[]) => {
    const count = dims.reduce((product, dim) => product * dim, 1);
    return b.constant(Array<number>(count).fill(1), dims);
  };
  const sums = b.op("Conv", [x, ones([3, 1, 6, 6])]);
  const alive = b.op("Clip", [sums, b.scalar(0), b.scalar(1e3)], {}, "alive");
  b.output(b.op("Gemm", [b.op("Flatten", [alive]), ones([3, 2])]));
  const model = new Model(b.build(), runtime);
  const slope = picture(Array.from({ length: 36 }, (_, i) => i / 36));
  expect(await causesOf(model, slope, gradient(model, slope, target))).toEqual(["constant"]);
});

test("a unit that is off explains why nothing changes it", async () => {
  const model = network();
  const found = new Set<boolean>();
  for (let place = 0; place < 16; place++) {
    const at = [Math.floor(place / 4), place % 4];
    const target = { kind: "unit", layer: "early", channel: 0, place: at } as const;
    const explained = await explainedModelOf(model, target, lively.dims);
    const maps = await gradient(explained.model, lively, { targets: explained.targets });
    const isOff = maps[0]!.logit === 0;
    const causes = await causesOf(explained.model, lively, Promise.resolve(maps));
    expect(causes).toEqual(isOff ? ["all-zero", "dead-unit"] : []);
    found.add(isOff);
  }
  expect(found).toEqual(new Set([true, false]));
});

test("a layer of one place is refused with what to try, and a map of one place says so", async () => {
  const model = network();
  const asked = gradCam(model, lively, { ...target, layer: "GlobalAveragePool" });
  await expect(asked).rejects.toThrow(
    /with more than one place.* got shape \[1, 3, 1, 1\]. choose an earlier layer/,
  );
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, 1, 1]);
  b.output(b.op("Flatten", [b.op("Relu", [x])]));
  const tiny = new Model(b.build(), runtime);
  const pixel = tensorOf("float32", [1, 1, 1, 1], [2]);
  const [map] = await withReasons(tiny, pixel, await gradient(tiny, pixel, { targets: [0] }));
  expect(map!.warnings[0]).toMatchObject({ cause: "single-place" });
  expect(map!.warnings[0]!.message).toMatch(
    /^the map has one place, 1\.00: there is no other to compare it with$/,
  );
});

test("a negative sum that is cut off", async () => {
  const model = network({ first: 3, second: 3, dense: [-1, 0, -1, 0, -1, 0] });
  const maps = gradCam(model, lively, target);
  expect(await causesOf(model, lively, maps)).toEqual(["all-negative"]);
  const signed = gradCam(model, lively, { ...target, signed: true });
  expect(await causesOf(model, lively, signed)).toEqual([]);
});

test("a saturated softmax, which the logit is not", async () => {
  const faults = { first: 3, second: 3, steep: 1e3, dense: [1, 0, 1, 0, 1, 0] };
  const kept = network(faults, { keepActivation: true });
  const maps = gradient(kept, lively, target);
  expect(await causesOf(kept, lively, maps)).toEqual(["all-zero", "saturated"]);
  const plain = network(faults);
  expect(await causesOf(plain, lively, gradient(plain, lively, target))).toEqual([]);
});

describe("a softmax over one number", () => {
  /** A dense layer `logits` of so many numbers, then `end`. */
  const ending = (operator: string, units: number, way: "alone" | "beside" = "alone") => {
    const b = new GraphBuilder();
    const x = b.input("x", [1, 1, 6, 6]);
    const weights = b.constant(drawn(36 * units), [36, units]);
    const logits = b.op("Gemm", [b.op("Flatten", [x]), weights], {}, "logits");
    const end = b.op(operator, [logits], { axis: -1 }, "end");
    b.output(way === "alone" ? end : b.add(end, logits));
    return new Model(b.build(), runtime, { keepActivation: true });
  };

  test.each([
    ["Softmax", 1],
    ["LogSoftmax", 0],
  ])("is named instead of advice that cannot help: %s", async (operator, always) => {
    const model = ending(operator, 1);
    const maps = gradient(model, lively, target);
    expect(await causesOf(model, lively, maps)).toEqual(["lone-softmax"]);
    const said = await messagesOf(model, lively, maps);
    expect(said).toMatch(`end, a softmax over a single number, which is always ${always}`);
    expect(said).toMatch('target: "logits:0"');
  });

  test("is none where it is over several, or where a way leads around it", async () => {
    const several = ending("Softmax", 2);
    const maps = gradient(several, lively, target);
    expect(await causesOf(several, lively, maps)).not.toContain("lone-softmax");
    const around = ending("Softmax", 1, "beside");
    const even = picture(Array<number>(36).fill(0.5));
    const [map] = await gradient(around, even, target);
    const odd = { ...map!, warnings: [{ cause: "all-zero", message: "" }] } as const;
    expect(await causesOf(around, even, Promise.resolve([odd]))).not.toContain("lone-softmax");
  });
});

describe("the picture", () => {
  test("is the same everywhere", async () => {
    const even = picture(Array<number>(36).fill(0.5));
    const model = network({ first: 3, second: 3, dense: [1, 0, 1, 0, 1, 0] });
    const causes = await causesOf(model, even, gradCam(model, even, target));
    expect(causes).toEqual(["constant", "constant-input"]);
  });

  test("is not blamed where the crop left what is the same everywhere", async () => {
    const even = picture(Array<number>(36).fill(0.5));
    const model = network({ first: 3, second: 3, dense: [1, 0, 1, 0, 1, 0] });
    const maps = await gradCam(model, even, target);
    const [map] = await withReasons(model, even, maps, {
      plain: say`the crop leaves a plain part`,
    });
    const said = map!.warnings.find(({ cause }) => cause === "constant-input")!;
    expect(wordsOf(said.message, libraryWords)).toBe("the crop leaves a plain part");
  });

  const bytes = picture(drawn(36).map((value) => Math.round(128 + 127 * Math.tanh(value))));
  const unit = [{ min: 0, max: 1 }];

  test("is in 0..255 where the network wants 0..1", async () => {
    const model = network();
    const maps = await gradient(model, bytes, target);
    const [map] = await withReasons(model, bytes, maps, { expected: unit });
    expect(map!.warnings).toMatchObject([{ cause: "input-range" }]);
    expect(wordsOf(map!.warnings[0]!.message, libraryWords)).toMatch(
      /gives 0 to 1 \(it looks like a picture in 0\.\.255/,
    );
  });

  test("is in 0..1 where the network wants 0..255", async () => {
    const model = network();
    const small = picture(drawn(36).map((value) => 0.5 + 0.4 * Math.tanh(value)));
    const maps = gradient(model, small, target);
    expect(await causesOf(model, small, maps, [{ min: -110, max: 145 }])).toEqual(["input-range"]);
  });

  test("is as it should be, also with a little overshoot", async () => {
    const model = network({ first: 3, second: 3 });
    const good = picture(Array.from({ length: 36 }, (_, i) => -0.05 + (1.1 * i) / 35));
    const maps = gradient(model, good, target);
    expect(await causesOf(model, good, maps, unit)).toEqual([]);
  });

  test("looks like bytes, which is said only of blank maps where nobody knows the range", async () => {
    const blank = network({ second: -1e6 });
    const causes = await causesOf(blank, bytes, gradCam(blank, bytes, target));
    expect(causes).toEqual(["all-zero", "input-range", "dead-layer"]);
    const well = network({ second: 3e3, dense: [1, 0, 1, 0, 1, 0] });
    expect(await causesOf(well, bytes, gradient(well, bytes, target))).toEqual([]);
  });

  test("holds NaN", async () => {
    const broken = picture([Number.NaN, ...drawn(35)]);
    const model = network();
    const causes = await causesOf(model, broken, gradCam(model, broken, target));
    expect(causes).toEqual(["not-finite", "input-not-finite"]);
  });
});

test("a few places hide all others", async () => {
  const spiked = async (spike: number) => {
    const [map] = await gradient(network(), lively, target);
    const data = Float32Array.from({ length: 400 }, (_, i) => (i === 7 ? spike : 1));
    return [{ ...map!, data, dims: [20, 20], warnings: [] }];
  };
  expect(await causesOf(network(), lively, spiked(500))).toEqual(["concentrated"]);
  expect(await causesOf(network(), lively, spiked(5))).toEqual([]);
});

describe("numbers that are not finite", () => {
  test("are followed to the layer where they begin", async () => {
    const huge = picture(drawn(36).map((value) => 1e37 * (value + 10)));
    const model = network({ first: 3 });
    const maps = gradCam(model, huge, target);
    const causes = await causesOf(model, huge, maps);
    expect(causes).toEqual(["not-finite", "not-finite"]);
    expect(await messagesOf(model, huge, maps)).toMatch(/no longer finite at layer (early|late)/);
  });

  test("are the method's own where the network's are finite", async () => {
    const model = network({ first: 3, second: 3 });
    const maps = (await gradCam(model, lively, target)).map((map): Heatmap => {
      return { ...map, warnings: [{ cause: "not-finite", message: "the map holds NaN" }] };
    });
    const [map] = await withReasons(model, lively, maps);
    expect(map!.warnings[1]!.message).toMatch(/the method's numbers overflow/);
  });
});
