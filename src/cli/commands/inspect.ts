/** @file `limpid inspect`: what a model is made of. */
import type { Command } from "commander";
import type { Inspection, InspectedHead, InspectedPort } from "../../app/inspection.ts";
import { headKinds } from "../../network/head-kind.ts";
import { formatShape } from "../../graph/tensor.ts";
import { formatCount } from "../../wording/numbers.ts";
import type { CommandIo } from "../io.ts";
import { contextOf } from "../job-context.ts";
import { jsonText, shownText, textLines } from "../../wording/shown-text.ts";

/** Adds arguments, options and the work to the command. */
export function configureInspect(command: Command, io: CommandIo): void {
  command
    .argument("<model>", "an ONNX file, or a name that limpid fetch lists")
    .option("--json", "print one JSON object")
    .addHelpText("after", examples)
    .action((model: string, options: InspectOptions) => listNetwork(model, options, io));
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

async function listNetwork(path: string, options: InspectOptions, io: CommandIo): Promise<void> {
  const { inspect } = await import("../../app/inspect.ts");
  const context = contextOf(io, options);
  const inspection = await inspect(path, context);
  context.print(options.json ? `${jsonText(inspection)}\n` : describe(inspection));
}

function describe({ inputs, outputs, explained, layers, missing }: Inspection): string {
  const longest = layers.reduce((most, { name }) => Math.max(most, shownText(name).length), 5);
  const width = Math.min(longest, 60);
  const rows = layers.map((layer) => {
    const shape = layer.shape ? formatShape(layer.shape) : "?";
    const parameters = layer.parameters > 0 ? formatCount(layer.parameters) : "";
    return `  ${shownText(layer.name).padEnd(width)}  ${layer.operator.padEnd(20)} ${shape.padEnd(22)} ${parameters}`.trimEnd();
  });
  const total = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  const listedMissing = missing.map(({ operator, node }) => `${operator} ("${node}")`).join(", ");
  const verdict =
    missing.length === 0 ? "can be built" : `cannot be built, no rule for: ${listedMissing}`;
  return textLines([
    ...inputs.map((port) => `input     ${inWords(port)}`),
    ...outputs.map((port) => `output    ${inWords(port)}`),
    ...(explained ? [`explained ${headInWords(explained)}`] : []),
    `layers    ${layers.length}, ${formatCount(total)} parameters`,
    ...rows,
    `gradient  ${verdict}`,
  ]);
}

function headInWords(head: InspectedHead): string {
  const { output, kind, assumed: isAssumed, activation, probabilities } = head;
  const taken = activation === null ? "" : `; its ${activation} is taken off`;
  const chances =
    activation === null && probabilities === "softmax"
      ? "; probabilities are the softmax of its numbers"
      : "";
  const assumed = isAssumed ? "; this is assumed" : "";
  return `${output}  ${kind}: ${headKinds[kind]}${taken}${chances}${assumed}`;
}

function inWords({ name, type, shape }: InspectedPort): string {
  return `${name}  ${type ?? "?"} ${shape ? formatShape(shape) : "?"}`;
}
