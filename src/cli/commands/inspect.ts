/** @file `limpid inspect`: what a model is made of. */
import { missingRules, type MissingRule } from "../../autodiff/differentiate.ts";
import { LimpidError } from "../../errors.ts";
import type { Graph, ValueInfo } from "../../graph/graph.ts";
import { layersOf, type Layer } from "../../graph/layers.ts";
import { formatShape } from "../../graph/tensor.ts";
import { Model } from "../../model/model.ts";
import { openModel } from "../../node/open-model.ts";
import type { CommandIo } from "../io.ts";
import { openRuntime } from "../runtimes.ts";

/** What `--json` prints. */
interface Inspection {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly layers: readonly Pick<Layer, "name" | "operator" | "shape" | "parameters">[];
  readonly differentiable: boolean;
  readonly missing: readonly MissingRule[];
}

export async function inspect(
  path: string,
  options: { readonly json?: boolean },
  io: CommandIo,
): Promise<void> {
  const graph = await openModel(path);
  const { inspection, note } = await examine(graph);
  if (options.json) {
    io.out(`${JSON.stringify(inspection)}\n`);
    return;
  }
  io.out(describe(inspection));
  if (note) io.err(`note: shapes are not known: ${note}\n`);
}

/** A model that cannot be run still has layers and operators to show. */
async function examine(
  graph: Graph,
): Promise<{ inspection: Inspection; note: string | undefined }> {
  let traced = graph;
  let logits = graph.outputs.at(-1)?.name ?? "";
  let note: string | undefined;
  try {
    const model = new Model(graph, await openRuntime("cpu"));
    traced = await model.at(model.inputDims());
    logits = model.head.logits;
  } catch (error) {
    if (!(error instanceof LimpidError)) throw error;
    note = error.message;
  }
  const wrt = graph.inputs.map((input) => input.name);
  const missing = missingRules(traced, { of: logits, wrt });
  const layers = layersOf(traced).map(({ name, operator, shape, parameters }) => ({
    name,
    operator,
    shape,
    parameters,
  }));
  const inspection = {
    inputs: graph.inputs,
    outputs: graph.outputs,
    layers,
    differentiable: missing.length === 0,
    missing,
  };
  return { inspection, note };
}

function describe(inspection: Inspection): string {
  const { layers, missing } = inspection;
  const infos = (title: string, list: readonly ValueInfo[]) =>
    list.map(({ name, type, dims }) =>
      `${title}  ${name}  ${type ?? ""} ${dims ? formatShape(dims) : ""}`.trimEnd(),
    );
  const width = Math.min(Math.max(...layers.map((layer) => layer.name.length), 5), 60);
  const rows = layers.map((layer) => {
    const shape = layer.shape ? formatShape(layer.shape) : "?";
    const parameters = layer.parameters > 0 ? layer.parameters.toLocaleString("en") : "";
    return `  ${layer.name.padEnd(width)}  ${layer.operator.padEnd(20)} ${shape.padEnd(22)} ${parameters}`.trimEnd();
  });
  const total = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  const verdict =
    missing.length === 0
      ? "gradient  can be built"
      : `gradient  cannot be built, no rule for: ${missing.map(({ operator, node }) => `${operator} ("${node}")`).join(", ")}`;
  return [
    ...infos("input ", inspection.inputs),
    ...infos("output", inspection.outputs),
    `layers  ${layers.length}, ${total.toLocaleString("en")} parameters`,
    ...rows,
    verdict,
    "",
  ].join("\n");
}
