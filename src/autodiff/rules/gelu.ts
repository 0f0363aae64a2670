/** @file The gradient of GELU, x (1 + erf(x / sqrt(2))) / 2: as an operator, and as the five that graphs spell it with. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import type { NodeView } from "../rule.ts";

/**
 * The gradients of a product v p with p = 1 + erf(u), where v and u are both numbers times the same value: dv = dy (p + u
 * p'(u)), by which nothing is left for the error function to pass on; undefined for other products.
 */
export function geluGradients(n: NodeView, b: GraphBuilder): readonly (Value | null)[] | undefined {
  const { inputs } = n.node;
  for (const gate of [0, 1]) {
    const u = errorArgument(n, b, inputs[gate]!);
    if (u === undefined) continue;
    const multiples = [u, scaled(n, b, u)];
    const v = inputs[1 - gate]!;
    if (![v, scaled(n, b, v)].some((name) => name !== undefined && multiples.includes(name))) {
      continue;
    }
    const dv = b.mul(n.grad(0), ofMultiple(b, b.value(u), n.in(gate)));
    return gate === 0 ? [null, dv] : [dv];
  }
  return undefined;
}

/** The slope of GELU at x. */
export function geluSlope(b: GraphBuilder, x: Value): Value {
  const u = b.scale(x, Math.SQRT1_2);
  const p = b.add(b.op("Erf", [u]), b.scalar(1, x.type));
  return b.scale(ofMultiple(b, u, p), 0.5);
}

/** p + u p'(u) for p = 1 + erf(u), with p'(u) = 2 / sqrt(pi) exp(-u^2): the slope of v p by any multiple v of u. */
function ofMultiple(b: GraphBuilder, u: Value, p: Value): Value {
  const height = b.scalar(Math.log(2 / Math.sqrt(Math.PI)), u.type);
  const bell = b.op("Exp", [b.sub(height, b.mul(u, u))]);
  return b.add(p, b.mul(u, bell));
}

/** u of a value 1 + erf(u). */
function errorArgument(n: NodeView, b: GraphBuilder, name: string): string | undefined {
  const sum = n.through(name);
  if (sum?.operator !== "Add") return undefined;
  const [left = "", right = ""] = sum.inputs;
  const error = isNumber(b, right, (one) => one === 1) ? left : right;
  if (error === right && !isNumber(b, left, (one) => one === 1)) return undefined;
  const made = n.through(error);
  return made?.operator === "Erf" ? made.inputs[0] : undefined;
}

/** What a value is a number times of. */
function scaled(n: NodeView, b: GraphBuilder, name: string): string | undefined {
  const made = n.through(name);
  const [left = "", right = ""] = made?.inputs ?? [];
  const isFactor = (factor: string) => isNumber(b, factor, (a) => a !== 0 && Number.isFinite(a));
  if (made?.operator === "Div") return isFactor(right) ? left : undefined;
  if (made?.operator !== "Mul") return undefined;
  if (isFactor(right)) return left;
  return isFactor(left) ? right : undefined;
}

function isNumber(b: GraphBuilder, name: string, fits: (value: number) => boolean): boolean {
  const numbers = b.numbersOf(b.value(name));
  return numbers?.length === 1 && fits(numbers[0]!);
}
