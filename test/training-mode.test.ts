/** @file Networks exported in training mode, drawn: the numbers of their inference twins, a note, and every run the same. */
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { readyModel } from "../src/app/open.ts";
import { attributionMethods } from "../src/attribution/index.ts";
import { decodeOnnx } from "../src/formats/onnx/decode.ts";
import { tensorOf } from "../src/graph/tensor.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { float, oldModelBytes, type NodeRow } from "./old-model.ts";
import { drawn, picture, said, seeds } from "./output-networks.ts";

const runtime = createNodeRuntime({ threads: 1 });
afterAll(() => runtime.release());

/** One way to write an operator of training, from the opset `since` to that before `until`. */
interface Form {
  readonly since: number;
  readonly until: number;
  readonly operator: "Dropout" | "BatchNormalization";
  /** Whether it computes as in training. */
  readonly trains: boolean;
  /** Reads x, makes y; names of more values start with y. */
  readonly rows: (x: string, y: string) => readonly NodeRow[];
  /** Values that go out beside the classes. */
  readonly outputs?: (y: string) => readonly string[];
}

const latest = 22;
const statistics = ["scale", "bias", "mean", "variance"];

const dropout =
  (inputs: readonly string[], attributes: NodeRow[3] = {}, hasMask = false): Form["rows"] =>
  (x, y) => [["Dropout", [x, ...inputs], hasMask ? [y, `${y}/mask`] : [y], attributes]];

const normal =
  (outputs: number, attributes: NodeRow[3] = {}): Form["rows"] =>
  (x, y) => {
    const more = Array.from({ length: outputs - 1 }, (_, i) => `${y}/${i + 1}`);
    return [["BatchNormalization", [x, ...statistics], [y, ...more], attributes]];
  };

const form = (
  operator: Form["operator"],
  [since, until]: readonly [number, number],
  trains: boolean,
  rows: Form["rows"],
  outputs?: Form["outputs"],
): Form => ({ operator, since, until, trains, rows, ...(outputs ? { outputs } : {}) });

const half = float(0.5);

const forms: Readonly<Record<string, Form>> = {
  "dropout that is no test": form("Dropout", [6, 7], true, dropout([], { ratio: half })),
  "dropout that is a test": form("Dropout", [6, 7], false, dropout([], { is_test: 1 })),
  "dropout with a ratio": form("Dropout", [7, 12], false, dropout([], { ratio: half })),
  "dropout with a ratio and a mask": form(
    "Dropout",
    [10, 12],
    false,
    dropout([], { ratio: half }, true),
  ),
  "dropout with mode": form("Dropout", [12, latest], true, dropout(["ratio", "yes"])),
  "dropout with mode and a mask": form(
    "Dropout",
    [12, latest],
    true,
    dropout(["ratio", "yes"], {}, true),
  ),
  "dropout with mode and a seed": form(
    "Dropout",
    [12, latest],
    true,
    dropout(["ratio", "yes"], { seed: { kind: "int", value: 7 } }),
  ),
  "dropout with mode, without a ratio": form("Dropout", [12, latest], true, dropout(["", "yes"])),
  "dropout with a mode that is computed": form("Dropout", [12, latest], true, (x, y) => [
    ["Not", ["no"], [`${y}/mode`]],
    ["Dropout", [x, "ratio", `${y}/mode`], [y]],
  ]),
  "dropout with a ratio that is computed": form("Dropout", [12, latest], true, (x, y) => [
    ["Mul", ["ratio", "ratio"], [`${y}/ratio`]],
    ["Dropout", [x, `${y}/ratio`, "yes"], [y]],
  ]),
  "dropout without mode": form("Dropout", [12, latest], false, dropout(["ratio"])),
  "dropout with mode off": form("Dropout", [12, latest], false, dropout(["ratio", "no"])),
  "normalisation that is no test": form(
    "BatchNormalization",
    [6, 7],
    true,
    normal(5, { is_test: 0 }),
  ),
  "normalisation that is a test": form(
    "BatchNormalization",
    [6, 7],
    false,
    normal(1, { is_test: 1 }),
  ),
  "normalisation of one output": form("BatchNormalization", [7, 14], false, normal(1)),
  "normalisation of three outputs": form("BatchNormalization", [7, 14], true, normal(3)),
  "normalisation of five outputs": form("BatchNormalization", [7, 14], true, normal(5)),
  "normalisation with mode": form(
    "BatchNormalization",
    [14, latest],
    true,
    normal(1, { training_mode: 1 }),
  ),
  "normalisation with mode, of three outputs": form(
    "BatchNormalization",
    [14, latest],
    true,
    normal(3, { training_mode: 1, momentum: float(0.8) }),
  ),
  "normalisation with mode, whose statistics go out": form(
    "BatchNormalization",
    [14, latest],
    true,
    normal(3, { training_mode: 1 }),
    (y) => [`${y}/1`, `${y}/2`],
  ),
  "normalisation with mode, whose statistics are read": form(
    "BatchNormalization",
    [14, latest],
    true,
    (x, y) => [
      [
        "BatchNormalization",
        [x, ...statistics],
        [`${y}/n`, `${y}/1`, `${y}/2`],
        { training_mode: 1 },
      ],
      ["Unsqueeze", [`${y}/1`, "places"], [`${y}/m`]],
      ["Add", [`${y}/n`, `${y}/m`], [y]],
    ],
  ),
  "normalisation with mode off": form(
    "BatchNormalization",
    [14, latest],
    false,
    normal(1, { training_mode: 0 }),
  ),
};

/** What a form computes in inference, at its opset. */
const inference: Readonly<Record<Form["operator"], Form["rows"]>> = {
  Dropout: (x, y) => [["Identity", [x], [y]]],
  BatchNormalization: normal(1),
};

function twinRows(name: string, x: string, y: string, opset: number): readonly NodeRow[] {
  const { operator, trains, rows } = forms[name]!;
  if (!trains) return rows(x, y);
  if (name.endsWith("are read")) {
    return [
      ...inference[operator](x, `${y}/n`),
      ["Unsqueeze", ["mean", "places"], [`${y}/m`]],
      ["Add", [`${y}/n`, `${y}/m`], [y]],
    ];
  }
  const isTold = operator === "BatchNormalization" && opset < 7;
  return isTold ? normal(1, { is_test: 1 })(x, y) : inference[operator](x, y);
}

interface Design {
  readonly seed: number;
  readonly opset: number;
  /** Names of forms, one after the other behind a convolution each. */
  readonly blocks: readonly string[];
}

/** The file of a classifier of pictures [1, 2, 6, 6]. */
function file({ seed, opset, blocks }: Design, isTwin: boolean): Uint8Array {
  const numbers = (what: string, dims: readonly number[], size = 0.5) =>
    tensorOf(
      "float32",
      dims,
      drawn(
        seed,
        what,
        dims.reduce((n, d) => n * d, 1),
        size,
      ),
    );
  const constants = new Map([
    ["ratio", tensorOf("float32", [], [0.6])],
    ["yes", tensorOf("bool", [], [1])],
    ["no", tensorOf("bool", [], [0])],
    ["places", tensorOf("int64", [2], [1, 2])],
    ["scale", numbers("scale", [3], 1)],
    ["bias", numbers("bias", [3], 1)],
    ["mean", numbers("mean", [3], 1)],
    ["variance", tensorOf("float32", [3], [0.3, 2, 0.8])],
    ["dense", numbers("dense", [3, 4], 2)],
  ]);
  const nodes: NodeRow[] = [];
  const outputs = ["y"];
  let value = "x";
  for (const [i, name] of blocks.entries()) {
    constants.set(`w${i}`, numbers(`w${i}`, [3, i === 0 ? 2 : 3, 3, 3]));
    nodes.push(["Conv", [value, `w${i}`], [`c${i}`], { pads: [1, 1, 1, 1] }]);
    const made = isTwin
      ? twinRows(name, `c${i}`, `d${i}`, opset)
      : forms[name]!.rows(`c${i}`, `d${i}`);
    for (const row of made) nodes.push(row);
    if (!isTwin) outputs.push(...(forms[name]!.outputs?.(`d${i}`) ?? []));
    value = `r${i}`;
    nodes.push(["Relu", [`d${i}`], [value]]);
  }
  nodes.push(["GlobalAveragePool", [value], ["g"]], ["Flatten", ["g"], ["f"]]);
  nodes.push(["MatMul", ["f", "dense"], ["z"]], ["Softmax", ["z"], ["y"], { axis: 1 }]);
  const feeds = { x: picture(seed) };
  return oldModelBytes({ opset, nodes, feeds, constants: Object.fromEntries(constants), outputs });
}

const methods = ["gradient", "grad-cam", "guided-backprop", "occlusion"] as const;

/** The maps of a file for its class 1, and what is said of it. */
async function told(bytes: Uint8Array, seed: number) {
  const model = await readyModel(decodeOnnx(bytes), runtime, {});
  const maps = await Promise.all(
    methods.map((name) => attributionMethods[name].run(model, picture(seed), { targets: [1] })),
  );
  const numbers = maps.map(([map]) => ({
    data: map!.data,
    logit: map!.logit,
    probability: map!.probability,
  }));
  return { numbers, notes: said(model) };
}

async function expectTwin(design: Design): Promise<void> {
  const [got, again, wanted] = await Promise.all([
    told(file(design, false), design.seed),
    told(file(design, false), design.seed),
    told(file(design, true), design.seed),
  ]);
  expect(again).toEqual(got);
  for (const [i, name] of methods.entries()) {
    const [one, other] = [got.numbers[i]!, wanted.numbers[i]!];
    expect(one.data, name).toBeAllclose(other.data, { rtol: 1e-4, atol: 1e-6 });
    expect(one.logit).toBeCloseTo(other.logit, 4);
    expect(one.probability).toBeCloseTo(other.probability!, 5);
  }
  const trained = new Set(
    design.blocks.map((name) => forms[name]!).flatMap((one) => (one.trains ? [one.operator] : [])),
  );
  const operators = [...trained].toSorted().join(" and ");
  const expected = `exported in training mode; ${operators} compute`;
  if (trained.size > 0) expect(got.notes).toContain(expected);
  else expect(got.notes).not.toContain("training");
  expect(wanted.notes).not.toContain("training");
}

test.each(Object.entries(forms))("%s", async (name, { since, until }) => {
  for (const opset of new Set([since, until - 1])) {
    await expectTwin({ seed: 1, opset, blocks: [name] });
  }
});

test("several of them in a network", async () => {
  const designs = fc.integer({ min: 6, max: latest - 1 }).chain((opset) => {
    const fitting = Object.keys(forms).filter(
      (name) => forms[name]!.since <= opset && opset < forms[name]!.until,
    );
    const blocks = fc.array(fc.constantFrom(...fitting), { minLength: 2, maxLength: 5 });
    return fc.record({ seed: seeds, opset: fc.constant(opset), blocks });
  });
  await fc.assert(fc.asyncProperty(designs, expectTwin), { numRuns: 40 });
});
