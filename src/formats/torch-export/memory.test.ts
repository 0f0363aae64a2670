/** @file Changes in place: which names see them, what is refused, and how long they take to follow. */
import { describe, expect, test } from "vitest";
import { ProgramWriter } from "../../../test/torch/graph-writer.ts";
import { numbers, opened, small } from "../../../test/torch/opened-program.ts";
import { tensorOf } from "../../graph/tensor.ts";

describe("changes in place", () => {
  test("are seen by all names of the memory", async () => {
    // y = relu_(x'); x' + y is twice the changed value.
    const graph = await opened(
      small((p, x) => {
        const doubled = p.node("mul.Tensor", { self: x, other: 2 }, [2, 3]);
        const changed = p.node("relu_.default", { self: doubled }, [2, 3]);
        return p.node("add.Tensor", { self: doubled, other: changed }, [2, 3]);
      }),
    );
    const x = tensorOf("float32", [2, 3], [-1, 2, -3, 4, 5, -6]);
    expect(await numbers(graph, x)).toEqual([0, 8, 0, 16, 20, 0]);
  });

  test("through a view are refused where the whole is read later", async () => {
    const p = small((p, x) => {
      const doubled = p.node("mul.Tensor", { self: x, other: 2 }, [2, 3]);
      const row = p.node("select.int", { self: doubled, dim: 0, index: 0 }, [3]);
      p.node("zero_.default", { self: row }, [3]);
      return p.node("relu.default", { self: doubled }, [2, 3]);
    });
    await expect(opened(p)).rejects.toThrow('changed in place through a part of them, got "mul"');
  });

  test("of memory that nothing reads are passed over", async () => {
    const p = new ProgramWriter();
    const x = p.input("x", [2]);
    const counter = p.weight("bn.num_batches_tracked", tensorOf("int64", [], [3]), "buffer");
    p.node("add_.Tensor", { self: counter, other: 1 }, [], "bn", "int64");
    p.output(p.node("relu.default", { self: x }, [2]));
    expect((await opened(p)).nodes).toHaveLength(1);
  });
});

test("many changes in place of one value are read in time that grows with their number", async () => {
  const p = new ProgramWriter();
  let x = p.input("x", [1]);
  for (let i = 0; i < 8000; i++) x = p.node("relu_.default", { self: x }, [1]);
  p.output(x);
  const graph = await opened(p);
  expect(graph.nodes).toHaveLength(8000);
});
