/** @file `limpid inspect`: what a model is made of. */
import { openNamedModel } from "../../app/bridge.ts";
import type { Command } from "commander";
import { missingRules, type MissingRule } from "../../autodiff/differentiate.ts";
import { LimpidError } from "../../errors.ts";
import type { Graph, ValueInfo } from "../../graph/graph.ts";
import { layersOf, type Layer } from "../../network/layers.ts";
import { formatShape } from "../../graph/tensor.ts";
import { Model } from "../../network/model.ts";
import type { CommandIo } from "../io.ts";
import { openRuntime } from "../../node/runtimes.ts";
import { formatCount } from "../../wording/numbers.ts";

/** Adds arguments, options and the work to the command. */
export function configureInspect(command: Command, io: CommandIo): void {
  command
    .argument("<model>", "an ONNX file, or a name that limpid fetch lists")
    .option("--json", "print one JSON object")
    .addHelpText("after", examples)
    .action((model: string, options: InspectOptions) => inspect(model, options, io));
}

const examples = `
Names of layers are what --layer takes in other commands; any part that no other name has is enough.

Examples:
  $ limpid inspect model.onnx
  $ limpid inspect resnet50 --json
`;

interface InspectOptions {
  readonly offline?: boolean;
  readonly json?: boolean;
}

/** An input or output; what the file leaves open is a name or null. */
interface Port {
  readonly name: string;
  readonly type: string | null;
  readonly shape: readonly (number | string)[] | null;
}

interface ListedLayer extends Omit<Layer, "node" | "shape"> {
  /** Null if the model cannot be run. */
  readonly shape: readonly number[] | null;
}

/** What `--json` prints. */
interface Inspection {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly layers: readonly ListedLayer[];
  /** Whether the gradient of the logits to the input can be built. */
  readonly differentiable: boolean;
  readonly missing: readonly MissingRule[];
}

async function inspect(path: string, options: InspectOptions, io: CommandIo): Promise<void> {
  const { graph, of, wrt, note } = await measured(
    await openNamedModel(path, options.offline ?? false, io),
  );
  const missing = missingRules(graph, { of, wrt });
  const inspection = {
    inputs: graph.inputs.map(portOf),
    outputs: graph.outputs.map(portOf),
    layers: layersOf(graph).map(listed),
    differentiable: missing.length === 0,
    missing,
  };
  if (note !== undefined) io.err(`note: shapes are not known: ${note}\n`);
  io.out(options.json ? `${JSON.stringify(inspection)}\n` : describe(inspection));
}

interface Measured {
  /** As the file has it, but for what its values are found to be. */
  readonly graph: Graph;
  readonly of: string;
  readonly wrt: readonly string[];
  /** Why shapes are not known. */
  readonly note?: string;
}

/** A model that cannot be run still has layers and operators to show. */
async function measured(graph: Graph): Promise<Measured> {
  const runtime = await openRuntime("cpu");
  try {
    const model = new Model(graph, runtime);
    const traced = await model.whole(model.inputDims());
    return {
      graph: { ...traced, inputs: graph.inputs, outputs: graph.outputs },
      of: model.head.logits,
      wrt: [model.input.name],
    };
  } catch (error) {
    if (!(error instanceof LimpidError) || error.code === "internal") throw error;
    const wrt = graph.inputs.map((input) => input.name);
    return { graph, of: graph.outputs.at(-1)!.name, wrt, note: error.message };
  } finally {
    await runtime.release();
  }
}

function portOf({ name, type, dims }: ValueInfo): Port {
  return { name, type: type ?? null, shape: dims ?? null };
}

function listed({ name, operator, shape, parameters }: Layer): ListedLayer {
  return { name, operator, shape: shape ?? null, parameters };
}

function describe({ inputs, outputs, layers, missing }: Inspection): string {
  const width = Math.min(Math.max(...layers.map((layer) => layer.name.length), 5), 60);
  const rows = layers.map((layer) => {
    const shape = layer.shape ? formatShape(layer.shape) : "?";
    const parameters = layer.parameters > 0 ? formatCount(layer.parameters) : "";
    return `  ${layer.name.padEnd(width)}  ${layer.operator.padEnd(20)} ${shape.padEnd(22)} ${parameters}`.trimEnd();
  });
  const total = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  const listedMissing = missing.map(({ operator, node }) => `${operator} ("${node}")`).join(", ");
  const verdict =
    missing.length === 0 ? "can be built" : `cannot be built, no rule for: ${listedMissing}`;
  return [
    ...inputs.map((port) => `input     ${inWords(port)}`),
    ...outputs.map((port) => `output    ${inWords(port)}`),
    `layers    ${layers.length}, ${formatCount(total)} parameters`,
    ...rows,
    `gradient  ${verdict}`,
    "",
  ].join("\n");
}

function inWords({ name, type, shape }: Port): string {
  return `${name}  ${type ?? "?"} ${shape ? formatShape(shape) : "?"}`;
}
