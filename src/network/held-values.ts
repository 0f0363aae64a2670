/** @file Values that a network is fed beside the picture, the same for every picture: other inputs, weights of a target. */
import type { Graph } from "../graph/graph.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Runtime, Session, Tensors } from "../runtime/runtime.ts";

/** Values by the names of the graph's inputs, fed as they are to every run. */
export type HeldValues = Tensors;

/** A runtime that feeds held values to every graph that has inputs of their names; sessions are the runtime's own. */
export function holdingRuntime(runtime: Runtime, held: HeldValues): Runtime {
  if (Object.keys(held).length === 0) return runtime;
  const withHeld = ({ inputs }: Graph, feeds: Tensors): Tensors => {
    const names = inputs.map(({ name }) => name).filter((name) => Object.hasOwn(held, name));
    return { ...Object.fromEntries(names.map((name) => [name, held[name]!])), ...feeds };
  };
  return {
    get name() {
      return runtime.name;
    },
    ...(runtime.limits ? { limits: runtime.limits } : {}),
    open: async (graph, options): Promise<Session> => {
      const session = await runtime.open(graph, options);
      return {
        run: (feeds, running) => session.run(withHeld(graph, feeds), running),
        release: () => session.release(),
      };
    },
    run: (graph, feeds, options) => runtime.run(graph, withHeld(graph, feeds), options),
    release: () => runtime.release(),
  };
}

/** The graph with held values as constants, for what asks which values the picture decides. */
export function withHeldConstants(graph: Graph, held: HeldValues): Graph {
  const isHeld = ({ name }: { readonly name: string }) => Object.hasOwn(held, name);
  if (!graph.inputs.some(isHeld)) return graph;
  const constants = graph.inputs
    .filter(isHeld)
    .map(({ name }): readonly [string, Tensor] => [name, held[name]!]);
  return {
    ...graph,
    inputs: graph.inputs.filter((input) => !isHeld(input)),
    initializers: new Map([...graph.initializers, ...constants]),
  };
}
