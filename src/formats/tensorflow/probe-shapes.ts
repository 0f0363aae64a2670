/**
 * @file Shapes of all values at several sizes of the axes that a model leaves open. The graph is built at the first;
 * what differs at the others depends on open sizes and must not be written into the graph as a number.
 */
import { AttributeReader } from "../../graph/attributes.ts";
import type { GraphBuilder } from "../../graph/builder.ts";
import { internalError, LimpidError } from "../../errors.ts";
import type { Node, ValueInfo, ValueShape } from "../../graph/graph.ts";
import { inferShapes } from "../../graph/infer.ts";
import { toNumbers } from "../../graph/tensor.ts";
import { heldLast, toLast, type NhwcValue } from "../channels-last/nhwc-value.ts";

/** Values that fit at the builder's size and not at another one, by its number. */
export class SizeMismatch extends Error {
  readonly size: number;

  constructor(size: number, options: { readonly cause: unknown }) {
    super("sizes do not fit", options);
    this.size = size;
  }
}

/** Follows a builder, whose nodes it takes as they come. */
export class ProbeShapes {
  readonly #b: GraphBuilder;
  /** Shapes by value at each of the sizes but the first. */
  readonly #others: readonly Map<string, ValueShape>[];
  /** Sizes in all. */
  readonly count: number;
  #seen = 0;

  /** `count` sizes in all, the builder's own among them. */
  constructor(b: GraphBuilder, count: number) {
    this.#b = b;
    this.count = count;
    this.#others = Array.from({ length: count - 1 }, () => new Map());
  }

  /** Shapes of an input at the sizes but the first. */
  input(name: string, shapes: readonly ValueShape[]): void {
    for (const [i, shape] of shapes.entries()) this.#others[i]?.set(name, shape);
  }

  /** The maker's axes of a value at each size, the builder's own first. Throws `SizeMismatch`. */
  dimsOf({ value, held, dims }: NhwcValue): readonly (readonly number[])[] {
    this.follow();
    const others = this.#others.map((shapes) => {
      const found = (shapes.get(value.name) ?? this.#b.value(value.name)).dims;
      return held === "first" ? toLast(found.length).map((axis) => found[axis]!) : found;
    });
    return [dims, ...others];
  }

  /**
   * An output as it is at every size: ONNX Runtime would take sizes that a file states for those of all values before.
   * Open axes are "?".
   */
  withOpenAxes(output: ValueInfo): ValueInfo {
    const [dims, ...others] = this.dimsOf(heldLast(this.#b.value(output.name)));
    const shown = dims!.map((dim, axis) => (others.every((at) => at[axis] === dim) ? dim : "?"));
    return { ...output, dims: shown };
  }

  /** Takes the nodes that came since it was last asked. Throws `SizeMismatch`. */
  follow(): void {
    const { nodes } = this.#b;
    for (; this.#seen < nodes.length; this.#seen++) {
      for (const [i, shapes] of this.#others.entries()) {
        try {
          this.#infer(nodes[this.#seen]!, shapes);
        } catch (cause) {
          throw cause instanceof LimpidError ? new SizeMismatch(i + 1, { cause }) : cause;
        }
      }
    }
  }

  #infer(node: Node, shapes: Map<string, ValueShape>): void {
    const at = (i: number): ValueShape => {
      const name = node.inputs[i];
      if (!name) throw internalError(node.operator, `input ${i} was left out`);
      return shapes.get(name) ?? this.#b.value(name);
    };
    const inferred = inferShapes({
      operator: node.operator,
      attributes: new AttributeReader(node),
      outputCount: node.outputs.length,
      inputCount: node.inputs.length,
      in: at,
      has: (i) => Boolean(node.inputs[i]),
      constant: (i) => {
        const known = this.#b.constantOf(this.#b.value(node.inputs[i] ?? ""));
        if (!known) throw internalError(node.operator, `input ${i} must be a constant`);
        return toNumbers(known);
      },
    });
    for (const [i, output] of node.outputs.entries()) shapes.set(output, inferred[i]!);
  }
}
