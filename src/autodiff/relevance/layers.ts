/** @file Relevance rules of layers with weights: how much of the relevance of an output each input gets (Bach et al. 2015). */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { tensor } from "../../graph/tensor.ts";
import { NodeView } from "../rule.ts";
import { rules as gradientRules } from "../rules/index.ts";

/** A layer that is linear in its one computed input: y = f(x, w) + bias. */
export interface WeightedLayer {
  readonly x: Value;
  readonly w: Value;
  /** The output, bias included. */
  readonly y: Value;
  /** Its bias, or null. */
  readonly bias: Value | null;
  /** True if no element of `x` is negative. */
  readonly isNonNegative: boolean;
  /** f(x, w), with a bias where one is given. */
  forward(x: Value, w: Value, bias: Value | null): Value;
  /** The gradient to x of f(x, w), weighted by `dy`. */
  backward(dy: Value, w: Value): Value;
}

/** The relevance of the input of a layer from that of its output. */
export type LayerRule = (layer: WeightedLayer, relevance: Value, b: GraphBuilder) => Value;

/** The layer of a node with weights whose input number `at` is computed, 0 or 1, and the other one constant. */
export function weightedLayer(
  n: NodeView,
  b: GraphBuilder,
  at: 0 | 1,
  isNonNegative: boolean,
): WeightedLayer {
  const x = n.in(at);
  const { node } = n;
  const attributes = Object.fromEntries(
    Object.entries(node.attributes).map(([name, { value }]) => [name, value]),
  );
  const inOrder = (input: Value, w: Value) => (at === 0 ? [input, w] : [w, input]);
  return {
    x,
    w: n.in(at === 0 ? 1 : 0),
    y: n.out(0),
    bias: n.hasIn(2) ? n.in(2) : null,
    isNonNegative,
    forward: (input, w, bias) =>
      b.op(node.operator, bias ? [...inOrder(input, w), bias] : inOrder(input, w), attributes),
    backward: (dy, w) => {
      const inputs = inOrder(x, w).map(({ name }) => name);
      const view = new NodeView({ ...node, inputs }, b, [dy], new Set([x.name]));
      return gradientRules[node.operator]!(view, b)[at]!;
    },
  };
}

/** relevance / y, kept from 0 by `epsilon` on the side of y; 0 counts as positive. */
export function perOutput(b: GraphBuilder, relevance: Value, y: Value, epsilon: number): Value {
  const step = b.scalar(epsilon, y.type);
  const isPositive = b.op("GreaterOrEqual", [y, b.scalar(0, y.type)]);
  return b.div(relevance, b.where(isPositive, b.add(y, step), b.sub(y, step)));
}

/**
 * LRP-epsilon (Bach et al. 2015, equation 58): R_i = sum over outputs j of x_i w_ij / (y_j + epsilon sign(y_j)) R_j.
 * For epsilon towards 0 it is LRP-0.
 */
export function epsilonRule(epsilon: number): LayerRule {
  return ({ x, w, y, backward }, relevance, b) =>
    b.mul(x, backward(perOutput(b, relevance, y, epsilon), w));
}

/**
 * LRP-alpha-beta with beta = alpha - 1 (Bach et al. 2015, equation 60): positive contributions (x_i w_ij)+ share
 * alpha R_j, negative ones share -beta R_j, each with the bias of its sign. Alpha 1 is the z-plus rule.
 */
export function alphaBetaRule(alpha: number, epsilon: number): LayerRule {
  return (layer, relevance, b) => {
    const share = (sign: 1 | -1) => {
      const { sum, back } = contributions(layer, b, sign);
      return back(perOutput(b, relevance, sum, epsilon));
    };
    if (alpha === 1) return share(1);
    return b.sub(b.scale(share(1), alpha), b.scale(share(-1), alpha - 1));
  };
}

/**
 * LRP-gamma (Montavon et al. 2019, section 10.2.1), for inputs and outputs of any sign: contributions z_ij = x_i w_ij of
 * the output's sign count 1 + gamma times, so R_i = sum over j of (z_ij + gamma z_ij^s) / (y_j + gamma y_j^s) R_j
 * with s the sign of y_j.
 */
export function gammaRule(gamma: number, epsilon: number): LayerRule {
  return (layer, relevance, b) => {
    const { x, w, y, backward } = layer;
    const zero = b.scalar(0, y.type);
    const isPositive = b.op("GreaterOrEqual", [y, zero]);
    const favoured = ([1, -1] as const).map((sign) => {
      const { sum, back } = contributions(layer, b, sign);
      const all = perOutput(b, relevance, b.add(y, b.scale(sum, gamma)), epsilon);
      const shares = sign === 1 ? b.where(isPositive, all, zero) : b.where(isPositive, zero, all);
      return { shares, given: b.scale(back(shares), gamma) };
    });
    const shares = favoured.map((one) => one.shares).reduce((p, q) => b.add(p, q));
    const given = favoured.map((one) => one.given).reduce((p, q) => b.add(p, q));
    return b.add(b.mul(x, backward(shares, w)), given);
  };
}

/**
 * The z-box rule (Montavon et al. 2017, section 4.2) for the layer that reads the picture: contributions are
 * x_i w_ij - l_i w_ij+ - h_i w_ij-, with l and h the smallest and largest number of the picture's channel. All are at
 * least 0, and there is no bias.
 */
export function zBoxRule(epsilon: number): LayerRule {
  return ({ x, w, forward, backward }, relevance, b) => {
    const axes = x.dims.map((_, axis) => axis).slice(x.dims.length > 2 ? 2 : 1);
    const bound = (operator: string) => b.expand(b.op(operator, [x, b.ints(axes)]), x.dims);
    const terms = [
      { of: x, w },
      { of: b.neg(bound("ReduceMin")), w: weightsOf(b, w, 1) },
      { of: b.neg(bound("ReduceMax")), w: weightsOf(b, w, -1) },
    ];
    const sum = terms.map((one) => forward(one.of, one.w, null)).reduce((p, q) => b.add(p, q));
    const shares = perOutput(b, relevance, sum, epsilon);
    return terms.map((one) => b.mul(one.of, backward(shares, one.w))).reduce((p, q) => b.add(p, q));
  };
}

/** The w-square rule (Montavon et al. 2017, section 4.1): R_i = sum over j of w_ij^2 / (sum over i of w_ij^2) R_j. */
export function wSquareRule(epsilon: number): LayerRule {
  return inputFreeRule((weight) => weight * weight, epsilon);
}

/** The flat rule (Lapuschkin et al. 2019, supplement): every input that an output reads gets the same share of it. */
export function flatRule(epsilon: number): LayerRule {
  return inputFreeRule(() => 1, epsilon);
}

function inputFreeRule(bent: (weight: number) => number, epsilon: number): LayerRule {
  return ({ x, w, forward, backward }, relevance, b) => {
    const weights = bentWeights(b, w, bent);
    const sum = forward(b.fill(x.dims, 1, x.type), weights, null);
    return backward(perOutput(b, relevance, sum, epsilon), weights);
  };
}

interface Contributions {
  /** What those of one sign give to each output, with the bias of that sign. */
  readonly sum: Value;
  /** Each input's part of them, times the `shares` of the outputs. */
  back(shares: Value): Value;
}

/** The contributions x_i w_ij of one sign: of two positive or two negative factors, or of two different ones. */
function contributions(layer: WeightedLayer, b: GraphBuilder, sign: 1 | -1): Contributions {
  const { x, w, bias, isNonNegative, forward, backward } = layer;
  const zero = b.scalar(0, x.type);
  const pairs = isNonNegative
    ? [{ x, w: weightsOf(b, w, sign) }]
    : [
        { x: b.op("Max", [x, zero]), w: weightsOf(b, w, sign) },
        { x: b.op("Min", [x, zero]), w: weightsOf(b, w, sign === 1 ? -1 : 1) },
      ];
  const ofSign = bias && weightsOf(b, bias, sign);
  return {
    sum: pairs
      .map((pair, i) => forward(pair.x, pair.w, i === 0 ? ofSign : null))
      .reduce((p, q) => b.add(p, q)),
    back: (shares) =>
      pairs.map((pair) => b.mul(pair.x, backward(shares, pair.w))).reduce((p, q) => b.add(p, q)),
  };
}

/** The weights of one sign, the others 0. */
function weightsOf(b: GraphBuilder, w: Value, sign: 1 | -1): Value {
  return bentWeights(b, w, (weight) => (weight * sign > 0 ? weight : 0));
}

/** Constant weights, each bent by itself. */
function bentWeights(b: GraphBuilder, w: Value, bent: (weight: number) => number): Value {
  const known = b.constantOf(w);
  if (known?.type === "float32") {
    const data = (known.data as Float32Array).map(bent);
    return b.initializer(`${b.scope}weights`, tensor("float32", w.dims, data));
  }
  const numbers = b.numbersOf(w)!.map(bent);
  const exact = w.type === "float64" ? "float64" : "float32";
  return b.cast(b.constant(numbers, w.dims, exact), w.type);
}
