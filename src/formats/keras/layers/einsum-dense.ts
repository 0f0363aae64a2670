/** @file Products with weights along axes that an equation names. */
import { tensor } from "../../../graph/tensor.ts";
import { binary } from "../../channels-last/elementwise.ts";
import { heldLast, makersOrder, type NhwcValue } from "../../channels-last/nhwc-value.ts";
import { activated } from "./activations.ts";
import { constant } from "./constants.ts";
import { only, refused, type LayerCall, type LayerKind } from "./layer-kind.ts";
import type { WantedVariable } from "../weight-store.ts";

/** The three terms of an equation, with a letter for each axis. */
interface Terms {
  readonly input: string;
  readonly kernel: string;
  readonly output: string;
}

/** `ab,bc->ac`, with `...` for axes that both have. Throws `bad-file`. */
function termsOf(call: LayerCall, rank: number): Terms {
  const equation = call.config.text("equation").replaceAll(/\s/g, "");
  const parts = /^([a-zA-Z.]+),([a-zA-Z]+)->([a-zA-Z.]+)$/.exec(equation);
  const bad = () => refused(call, `"equation" must fit ${rank} axes, got "${equation}"`);
  if (!parts || equation.length > 100) throw bad();
  const [, input = "", kernel = "", output = ""] = parts;
  const free = Array.from("abcdefghijklmnopqrstuvwxyz").filter(
    (letter) => !equation.includes(letter),
  );
  const dotted = input.includes("...") ? rank - input.length + 3 : 0;
  if (dotted < 0 || dotted > free.length) throw bad();
  const letters = free.slice(0, dotted).join("");
  const terms = {
    input: input.replace("...", letters),
    kernel,
    output: output.replace("...", letters),
  };
  const isWhole = terms.input.length === rank && !`${terms.input}${terms.output}`.includes(".");
  const known = `${terms.input}${kernel}`;
  if (isWhole && Array.from(terms.output).every((letter) => known.includes(letter))) return terms;
  throw bad();
}

const einsumDense: LayerKind = {
  build: async (call) => {
    const { b, config } = call;
    const x = only(call);
    const terms = termsOf(call, x.dims.length);
    const biasAxes = config.has("bias_axes") ? config.text("bias_axes") : "";
    const wanted: WantedVariable[] = [{ name: "kernel", dims: kernelDims(call, terms, x) }];
    if (biasAxes !== "") wanted.push({ name: "bias", dims: biasDims(terms, biasAxes) });
    const [kernel, bias] = await call.weights.read(wanted);
    const equation = `${terms.input},${terms.kernel}->${terms.output}`;
    return activated(call, (name) => {
      const weights = b.initializer(`${name}/kernel`, kernel!);
      const called = bias ? b.freeName(`${name}/product`) : name;
      const values = [makersOrder(b, x), weights];
      const product = heldLast(b.op("Einsum", values, { equation }, called));
      if (!bias) return product;
      // Axes of 1 behind those of the bias are written; in front of them they are not.
      const shift = tensor("float32", bias.dims, bias.data);
      return binary(b, "Add", [product, constant(call, "bias", shift)], name);
    });
  },
};

/** Sizes of the kernel's axes that the input or the output shape tells. */
function kernelDims(
  { config }: LayerCall,
  { input, kernel, output }: Terms,
  x: NhwcValue,
): readonly (number | undefined)[] {
  const shape = config.get("output_shape");
  const listed = Array.isArray(shape) ? (shape as readonly unknown[]) : [shape];
  return Array.from(kernel).map((letter) => {
    const place = input.indexOf(letter);
    if (place >= 0) return x.dims[place];
    const size = listed.at(output.indexOf(letter) - output.length);
    return typeof size === "number" ? size : undefined;
  });
}

function biasDims({ output }: Terms, axes: string): readonly (number | undefined)[] {
  const first = Array.from(output).findIndex((letter) => axes.includes(letter));
  return Array.from(output.slice(first)).map((letter) => (axes.includes(letter) ? undefined : 1));
}

export const einsumLayers: Readonly<Record<string, LayerKind>> = { EinsumDense: einsumDense };
