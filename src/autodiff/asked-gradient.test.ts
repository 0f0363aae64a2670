/** @file What users ask of gradients and there is not: told as their mistake, and never answered with other numbers. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LimpidError } from "../errors.ts";
import { GraphBuilder } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { differentiate } from "./differentiate.ts";
import type { DifferentiateOptions } from "./reverse-walk.ts";
import type { GradientRule } from "./rule.ts";

/** y = relu(selu(x)), beside weights of a drawn shape. */
function graphOf(dims: readonly number[], seedDims: readonly number[]): Graph {
  const b = new GraphBuilder();
  const x = b.input("x", dims);
  b.input("seed", seedDims);
  b.output(b.op("Relu", [b.op("Selu", [x], {}, "middle")], {}, "y"));
  return b.build();
}

const dims = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
const name = fc
  .string({ maxLength: 8 })
  .filter((text) => !["x", "y", "seed", "middle"].includes(text));

function refusal(graph: Graph, options: DifferentiateOptions): LimpidError {
  try {
    differentiate(graph, options);
  } catch (error) {
    if (error instanceof LimpidError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

test("weights are of the shape of what they weight", () => {
  fc.assert(
    fc.property(dims, dims, (own, others) => {
      const graph = graphOf(own, others);
      const asked = { of: "y", wrt: ["x"], seed: "seed" };
      if (String(own) === String(others))
        expect(differentiate(graph, asked).gradients.size).toBe(1);
      else expect(refusal(graph, asked).code).toBe("shape-mismatch");
    }),
    { numRuns: 300 },
  );
});

test("names are those of values", () => {
  fc.assert(
    fc.property(dims, name, fc.constantFrom("of", "wrt", "seed"), (own, wrong, where) => {
      const asked = { of: "y", wrt: ["x"], [where]: where === "wrt" ? ["x", wrong] : wrong };
      const { code, message } = refusal(graphOf(own, own), asked);
      expect([code, message.slice(0, 14)]).toEqual(["unknown-layer", "differentiate:"]);
    }),
    { numRuns: 200 },
  );
  expect(refusal(graphOf([1], [1]), { of: "y", wrt: [] }).code).toBe("bad-option");
  expect(
    refusal({ ...graphOf([1], [1]), shapes: new Map() }, { of: "y", wrt: ["x"] }).message,
  ).toMatch(/must be traced, got no shape of/);
});

test("rules of one's own give gradients that fit", () => {
  const result = fc.oneof(
    fc.constantFrom<unknown>(undefined, null, 5, "x", {}),
    fc.integer({ min: 2, max: 5 }).map((count) => Array<null>(count).fill(null)),
    fc.constantFrom<unknown>([{}], [5]),
  );
  fc.assert(
    fc.property(dims, result, (own, given) => {
      const Selu = (() => given) as unknown as GradientRule;
      const { code, message } = refusal(graphOf(own, own), {
        of: "y",
        wrt: ["x"],
        rules: { Selu },
      });
      expect(code).toBe("bad-option");
      expect(message).toContain("rule of Selu");
    }),
    { numRuns: 200 },
  );
  fc.assert(
    fc.property(dims, fc.array(fc.integer({ min: 5, max: 9 }), { maxLength: 3 }), (own, wrong) => {
      const Selu: GradientRule = (_, b) => [b.fill([...wrong, 7], 1, "float32")];
      const big = own.map((side) => side + 1);
      const { code } = refusal(graphOf(big, big), { of: "y", wrt: ["x"], rules: { Selu } });
      expect(code).toBe("bad-option");
    }),
    { numRuns: 100 },
  );
});
