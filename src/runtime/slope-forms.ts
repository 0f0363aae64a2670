/** @file How gradient rules say the slopes of activations: what is read, and by which numbers; whatever layout it is in. */
import { AttributeReader } from "../graph/attributes.ts";
import { producers, type Graph, type Node } from "../graph/graph.ts";
import { elementCount, toNumbers } from "../graph/tensor.ts";

export class SlopeForms {
  readonly #graph: Graph;
  readonly #before: ReadonlyMap<string, Node>;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#before = producers(graph);
  }

  /** v of v > 0. */
  positive({ operator, inputs }: Node): string | undefined {
    const [value = "", bound = ""] = inputs;
    return operator === "Greater" && this.number(bound) === 0 ? value : undefined;
  }

  /** v and top of v > 0 and v < top, where v is never below 0 nor above top. */
  between({ operator, inputs }: Node): { value: string; top: number } | undefined {
    if (operator !== "And") return undefined;
    const [above, below] = inputs.map((name) => this.#before.get(name));
    const value = above && this.positive(above);
    if (value === undefined || below?.operator !== "Less" || below.inputs[0] !== value) {
      return undefined;
    }
    const top = this.number(below.inputs[1]!);
    const clip = this.#before.get(value);
    const [low, high] = this.#bounds(clip);
    const isWithin = clip?.operator === "Clip" && low === 0 && high === top;
    return isWithin && top !== undefined ? { value, top } : undefined;
  }

  /** v and low of 1 where v > 0, else low, as the leaky rectifier's rule clips it: 0 <= low <= 1, as what is clipped is 0 or 1. */
  leaky(clip: Node): { value: string; low: number } | undefined {
    const condition = this.#before.get(this.#made(clip.inputs[0], "Cast") ?? "");
    const value = condition && this.positive(condition);
    const [low, high] = this.#bounds(clip);
    const isSlope = low !== undefined && low >= 0 && low <= 1 && high === 1;
    return value !== undefined && isSlope ? { value, low } : undefined;
  }

  /** x and h of the slope 2 h - 1/2 where |x| < 3, else h, with h = HardSigmoid(x) of x h. */
  hardSwish({ inputs }: Node): { x: string; h: string } | undefined {
    const [inside, rising, h = ""] = inputs;
    const less = this.#made(inside, "Less", 3);
    const size = this.#made(less, "Abs");
    const steepened = this.#made(this.#made(rising, "Sub", 0.5), "Mul", 2);
    const x = this.#made(h, "HardSigmoid");
    if (x === undefined || x !== size || steepened !== h) return undefined;
    const gate = new AttributeReader(this.#before.get(h)!);
    if (Math.fround(gate.float("alpha", 0.2)) !== Math.fround(1 / 6)) return undefined;
    return gate.float("beta", 0.5) === 0.5 ? { x, h } : undefined;
  }

  /** A constant that is one number. */
  number(name: string): number | undefined {
    const known = this.#graph.initializers.get(name);
    if (known?.type !== "float32" || elementCount(known.dims) !== 1) return undefined;
    return known.dims.length <= 4 ? toNumbers(known)[0] : undefined;
  }

  #bounds(clip: Node | undefined): readonly (number | undefined)[] {
    return (clip?.inputs ?? []).slice(1).map((name) => this.number(name));
  }

  /** What the operator that made a value read, if it is that one, and with that number. */
  #made(value: string | undefined, operator: string, number?: number): string | undefined {
    const made = value === undefined ? undefined : this.#before.get(value);
    if (made?.operator !== operator || made.domain !== "") return undefined;
    const isThat = number === undefined || this.number(made.inputs[1] ?? "") === number;
    return isThat ? made.inputs[0] : undefined;
  }
}
