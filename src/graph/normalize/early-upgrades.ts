/**
 * @file The forms of opsets 1 to 6, written as the next opset has them. Facts: the ONNX operator changelog
 * (https://onnx.ai/onnx/operators); ONNX Runtime itself refuses many of them.
 */
import { castCodes } from "../infer.ts";
import { tensorOf, toNumbers } from "../tensor.ts";
import { legacyBroadcast, slopePerChannel } from "./legacy-broadcast.ts";
import type { Rewrite, RewriteTable } from "./rewrite.ts";

/** Until 6, which inputs an operator could overwrite; nothing that changes the numbers. */
const consumed = ["consumed_inputs"];

const withoutConsumedInputs: Rewrite = (to) => to.change({ drop: consumed });

/** Norms of a power that was a float. */
const wholePower: Rewrite = (to) => {
  const p = to.attributes.float("p", 2);
  if (Number.isInteger(p)) to.change({ add: { p } });
  else to.refuse();
};

const pads: Rewrite = (to) =>
  to.change({ drop: ["paddings"], add: { pads: to.attributes.ints("paddings") } });

/** Sizes of parts could be an input, and what is cut without an `axis` was never said. */
const splitSizesFromInput: Rewrite = (to) => {
  const input = to.optionalInput(1);
  const sizes = input === "" ? undefined : to.constantOf(input);
  if (!to.attributes.has("axis") || (input !== "" && !sizes)) to.refuse();
  else to.change({ inputs: [to.input(0)], ...(sizes ? { add: { split: toNumbers(sizes) } } : {}) });
};

const concat: Rewrite = (to) => to.change({ add: { axis: to.attributes.int("axis", 1) } });

const reshape: Rewrite = (to) => {
  const shape = to.ints(to.attributes.ints("shape"));
  to.change({ inputs: [to.input(0), shape], drop: ["shape", ...consumed] });
};

/** Names of element types in ONNX's enumeration that are not those of tensors here. */
const typeNames: Readonly<Record<string, string>> = { float: "float32", double: "float64" };

/** The element type was told by its name, as "FLOAT". */
const castByName: Rewrite = (to) => {
  if (to.node.attributes["to"]?.kind === "int") {
    to.keep();
    return;
  }
  const told = to.attributes.string("to").toLowerCase();
  const name = Object.hasOwn(typeNames, told) ? typeNames[told]! : told;
  const code = Object.hasOwn(castCodes, name)
    ? castCodes[name as keyof typeof castCodes]
    : undefined;
  if (code === undefined) to.refuse();
  else to.change({ add: { to: code } });
};

/** The defaults had fewer digits. */
const selu: Rewrite = (to) =>
  to.change({
    drop: consumed,
    add: {
      alpha: to.attributes.float("alpha", 1.6732),
      gamma: to.attributes.float("gamma", 1.0507),
    },
  });

/** One axis was repeated, `tiles` times; both were numbers of the type of the data. */
const tileAxis: Rewrite = (to) => {
  if (to.optionalInput(2) === "") {
    to.keep();
    return;
  }
  const [tiles, axis] = [1, 2].map((i) => {
    const whole = to.add("Cast", [to.input(i)], { to: castCodes.int64 });
    return to.add("Reshape", [whole, to.ints([1])]);
  }) as [string, string];
  const one = tensorOf("int64", [1], [1]);
  const rank = to.add("Shape", [to.add("Shape", [to.input(0)])]);
  const ones = to.add("ConstantOfShape", [rank], { value: one });
  to.change({ inputs: [to.input(0), to.add("ScatterElements", [ones, axis, tiles])] });
};

/** What is no test computes in training, which opset 14 has an attribute for; in a test only the first output is made. */
const batchNormalizationInTest: Rewrite = (to) => {
  const isTest = to.attributes.int("is_test", 0) !== 0;
  const isMoreRead = to.node.outputs.some((_, i) => i > 0 && to.optionalOutput(i) !== "");
  if (!isTest) to.change({ add: { is_test: 0 } });
  else if (isMoreRead) to.refuse();
  else to.change({ drop: ["is_test"], outputs: [to.output()] });
};

/** What is no test drops at random, which opset 12 has an input for. */
const dropoutInTest: Rewrite = (to) => {
  if (to.optionalOutput(1) !== "") to.refuse();
  else {
    to.change({ outputs: [to.output()], add: { is_test: to.attributes.int("is_test", 0) } });
  }
};

const gemm: Rewrite = (to) => to.change({ drop: ["broadcast"] });

const upsampleSides: Rewrite = (to) => {
  const [height, width] = ["height_scale", "width_scale"].map((name) => to.attributes.float(name));
  to.change({
    drop: ["height_scale", "width_scale"],
    add: { scales: [1, 1, height, width] as readonly number[] },
  });
};

/** Whether the whole sequence is wanted shows in the outputs that are named. */
const recurrent: Rewrite = (to) => to.change({ drop: ["output_sequence"] });

function forAll(operators: string, rewrite: Rewrite): RewriteTable {
  return Object.fromEntries(operators.split(" ").map((operator) => [operator, rewrite]));
}

/** THE tables: what changed with each opset up to 7. */
export const earlyUpgrades: ReadonlyMap<number, RewriteTable> = new Map<number, RewriteTable>([
  [2, { GlobalLpPool: wholePower, LpPool: wholePower, Pad: pads, Split: splitSizesFromInput }],
  [4, { Concat: concat }],
  [5, { Reshape: reshape }],
  [
    6,
    {
      ...forAll(
        "Abs Add BatchNormalization Ceil Clip Div Dropout Elu Exp Floor HardSigmoid InstanceNormalization LeakyRelu " +
          "Log Max Mean Min Mul Neg PRelu Reciprocal Relu Sigmoid Sqrt Sub Sum Tanh",
        withoutConsumedInputs,
      ),
      Cast: castByName,
      Selu: selu,
      Tile: tileAxis,
    },
  ],
  [
    7,
    {
      ...forAll("Add And Div Equal Greater Less Mul Or Pow Sub Xor", legacyBroadcast),
      ...forAll("GRU LSTM RNN", recurrent),
      BatchNormalization: batchNormalizationInTest,
      Dropout: dropoutInTest,
      Gemm: gemm,
      PRelu: slopePerChannel,
      Upsample: upsampleSides,
    },
  ],
]);
