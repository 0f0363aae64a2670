/** @file The float64 interpreter as a `Runtime`, so that any function of the core can be tested on it. */
import { LimpidError, throwIfAborted } from "../../src/errors.ts";
import type { Graph } from "../../src/graph/graph.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import type { RunOptions, Runtime, Session, Tensors } from "../../src/runtime/runtime.ts";
import { interpretValues } from "./interpreter.ts";
import { fromTensor, isFloating, toTensor } from "./ndarray.ts";

export interface ReferenceRuntimeOptions {
  /**
   * How floating outputs are handed out. `"declared"` (default) rounds them to the type that the graph
   * says, as ONNX Runtime would give them: right wherever tensors go back into a graph, as in `trace`.
   * `"float64"` gives every floating output unrounded as a `float64` tensor: right for comparing numbers.
   * Inside, all arithmetic is float64 either way, and float64 feeds are taken for float32 inputs.
   */
  readonly outputs?: "declared" | "float64";
}

/** A runtime over the interpreter. Sessions hold nothing but their graph. */
export function createReferenceRuntime(options: ReferenceRuntimeOptions = {}): Runtime {
  const exact = options.outputs === "float64";
  const execute = (graph: Graph, feeds: Tensors, run: RunOptions = {}): Record<string, Tensor> => {
    throwIfAborted(run.signal, "run");
    const values = interpretValues(graph, arraysOf(graph, feeds));
    throwIfAborted(run.signal, "run");
    const names = run.outputs ?? graph.outputs.map((output) => output.name);
    return Object.fromEntries(
      names.map((name) => {
        const value = values.get(name);
        if (!value) throw new LimpidError("runtime", `run: no output "${name}" in this graph.`);
        return [name, toTensor(value, exact && isFloating(value.type) ? "float64" : value.type)];
      }),
    );
  };
  return {
    name: "reference/float64",
    open: async (graph) => sessionOf(graph, execute),
    run: async (graph, feeds, run) => execute(graph, feeds, run),
    release: async () => {},
  };
}

function arraysOf(graph: Graph, feeds: Tensors) {
  return Object.fromEntries(
    graph.inputs
      .filter(({ name }) => feeds[name] !== undefined || !graph.initializers.has(name))
      .map(({ name, type }) => {
        const fed = feeds[name];
        if (!fed)
          throw new LimpidError("runtime", `run: input "${name}" must be fed, got nothing.`);
        return [name, { ...fromTensor(fed), type: type ?? fed.type }];
      }),
  );
}

function sessionOf(
  graph: Graph,
  execute: (graph: Graph, feeds: Tensors, run?: RunOptions) => Record<string, Tensor>,
): Session {
  let open = true;
  return {
    run: async (feeds, options) => {
      if (!open) throw new LimpidError("runtime", "run: the session was released.");
      return execute(graph, feeds, options);
    },
    release: async () => {
      open = false;
    },
  };
}
