/** @file Models of layers with variables, drawn, for the layouts in which Keras writes weights. */
import * as fc from "fast-check";
import type { ModelLayers } from "../../src/formats/keras/weight-store.ts";

/** A variable of a layer. */
export interface DrawnVariable {
  /** From the layer on, as legacy files have it: `kernel`, `query/kernel`. */
  readonly legacy: string;
  /** Where it lies below the layer in archives: `vars/0`, `query_dense/vars/0`. */
  readonly counted: string;
  readonly isTrainable: boolean;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export interface DrawnLayer {
  readonly name: string;
  readonly className: string;
  readonly isLayer: boolean;
  readonly variables: readonly DrawnVariable[];
  readonly model?: DrawnModel;
}

export interface DrawnModel {
  readonly isSequential: boolean;
  readonly layers: readonly DrawnLayer[];
}

/** Names of a class's variables; those behind the bar are not trained. */
const classes: Readonly<Record<string, readonly string[]>> = {
  Conv2D: ["kernel", "bias"],
  Dense: ["kernel"],
  BatchNormalization: ["gamma", "beta", "|moving_mean", "|moving_variance"],
  PReLU: ["alpha"],
  DepthwiseConv2D: ["depthwise_kernel", "bias"],
  MultiHeadAttention: ["query/kernel", "query/bias", "key/kernel", "attention_output/kernel"],
  Dropout: [],
  InputLayer: [],
  Add: [],
};

/** A layer without its names and numbers. */
interface Plan {
  readonly className: string;
  readonly model?: { readonly isSequential: boolean; readonly layers: readonly Plan[] };
}

const plain: fc.Arbitrary<Plan> = fc
  .constantFrom(...Object.keys(classes))
  .map((className) => ({ className }));

function plans(depth: number): fc.Arbitrary<NonNullable<Plan["model"]>> {
  const nested: fc.Arbitrary<Plan> = (depth === 0 ? fc.constant(undefined) : plans(depth - 1)).map(
    (model) =>
      model
        ? { className: model.isSequential ? "Sequential" : "Functional", model }
        : { className: "ReLU" },
  );
  return fc.record({
    isSequential: fc.boolean(),
    layers: fc.array(fc.oneof({ weight: 4, arbitrary: plain }, nested), {
      minLength: 1,
      maxLength: 7,
    }),
  });
}

/** Models with models in them; all names and numbers differ. */
export const drawnModels: fc.Arbitrary<DrawnModel> = plans(2).map((plan) =>
  named(plan, { count: 0 }),
);

function named(plan: NonNullable<Plan["model"]>, counter: { count: number }): DrawnModel {
  const layers = plan.layers.map(({ className, model }): DrawnLayer => {
    const name = `l${(counter.count += 1)}`;
    const isLayer = className !== "Add";
    const variables = (classes[className] ?? []).map((text, i) => variable(text, i, counter));
    const inner = model && named(model, counter);
    return { name, className, isLayer, variables, ...(inner ? { model: inner } : {}) };
  });
  return { isSequential: plan.isSequential, layers };
}

const parts: Readonly<Record<string, string>> = {
  query: "query_dense",
  key: "key_dense",
  attention_output: "output_dense",
};

function variable(text: string, index: number, counter: { count: number }): DrawnVariable {
  const legacy = text.replace("|", "");
  const [part, own] = legacy.includes("/") ? legacy.split("/") : [undefined, legacy];
  const counted =
    part === undefined ? `vars/${index}` : `${parts[part]}/vars/${own === "bias" ? 1 : 0}`;
  const data = Float32Array.from([1, 2, 3], (k) => (counter.count += 1) + k / 4);
  return { legacy, counted, isTrainable: !text.startsWith("|"), dims: [3], data };
}

/** The layers as a store of weights is told of them. */
export function layersOf({ isSequential, layers }: DrawnModel): ModelLayers {
  return {
    isSequential,
    layers: layers.map(({ name, className, isLayer }) => ({ name, className, isLayer })),
  };
}
