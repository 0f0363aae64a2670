/**
 * @file Newer forms of operators, written as the opset before has them, down to opset 21. Facts: the ONNX
 * operator changelog (https://onnx.ai/onnx/operators). Opset 22 brought element types and no new
 * meaning; what 21 cannot say (BitCast, CumProd) stays, and its graph is written in the opset that it came with.
 */
import { attention } from "./attention.ts";
import { rmsNormalization } from "./rms-normalization.ts";
import { rotaryEmbedding } from "./rotary-embedding.ts";
import type { Rewrite, RewriteTable } from "./rewrite.ts";
import { tensorScatter } from "./tensor-scatter.ts";

/** y = x sigmoid(alpha x). */
const swish: Rewrite = (to) => {
  const x = to.input(0);
  const alpha = to.attributes.float("alpha", 1);
  const inner = alpha === 1 ? x : to.add("Mul", [x, to.number(alpha, x)]);
  to.add("Mul", [x, to.add("Sigmoid", [inner])], {}, to.output());
};

/** `round_mode` is for a float8 type that no graph here holds. */
const cast: Rewrite = (to) => to.change({ drop: ["round_mode"] });

const dequantizeLinear: Rewrite = (to) => {
  const type = to.attributes.int("output_dtype", 0);
  if (type === 0) {
    to.change({ drop: ["output_dtype"] });
    return;
  }
  // The product is taken in the type that comes out, so the scale is brought there before.
  const scale = to.add("Cast", [to.input(1)], { to: type });
  to.change({
    inputs: [to.input(0), scale, to.optionalInput(2)],
    drop: ["output_dtype"],
  });
};

const quantizeLinear: Rewrite = (to) => {
  const precision = to.attributes.int("precision", 0);
  if (precision === 0) {
    to.change({ drop: ["precision"] });
    return;
  }
  const [x, scale] = [to.input(0), to.input(1)].map((input) =>
    to.add("Cast", [input], { to: precision }),
  ) as [string, string];
  to.change({ inputs: [x, scale, to.optionalInput(2)], drop: ["precision"] });
};

/** THE tables: what each opset changed. */
export const downgrades: ReadonlyMap<number, RewriteTable> = new Map<number, RewriteTable>([
  [24, { Cast: cast, CastLike: cast, Swish: swish, TensorScatter: tensorScatter }],
  [
    23,
    {
      Attention: attention,
      DequantizeLinear: dequantizeLinear,
      QuantizeLinear: quantizeLinear,
      RMSNormalization: rmsNormalization,
      RotaryEmbedding: rotaryEmbedding,
    },
  ],
]);
