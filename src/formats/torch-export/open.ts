/** @file Opens archives of torch.export.save (.pt2), in the layout of PyTorch 2.8 and the one before. */
import { requireFiniteWeights } from "../../graph/finite.ts";
import type { Graph } from "../../graph/graph.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { FolderSource } from "../folder-source.ts";
import { readWeights } from "../torch-pickle/read-weights.ts";
import type { StoredTensor } from "../torch-pickle/stored-tensor.ts";
import { badExport } from "./bad-export.ts";
import { neededNodes, SharedMemory, tensorNames } from "./memory.ts";
import { payloadsOf, pickledPayloads, type FindPayload } from "./payloads.ts";
import { readText } from "./read-text.ts";
import { programSchema, type ExportedProgram } from "./schema.ts";
import { translate } from "./translate.ts";

const oldProgram = "serialized_exported_program.json";

/** The graph of an exported program. Throws `bad-file`, also for weights that are NaN or infinite. */
export async function openTorchExport(archive: FolderSource): Promise<Graph> {
  const { program, weights, constants } = archive.files.includes(oldProgram)
    ? await oldLayout(archive)
    : await layout(archive);
  const graph = await graphOf(program, weights, constants);
  requireFiniteWeights(graph);
  return graph;
}

interface Parts {
  readonly program: ExportedProgram;
  readonly weights: FindPayload;
  readonly constants: FindPayload;
}

async function layout(archive: FolderSource): Promise<Parts> {
  const models = archive.files.filter((path) => /^models\/[^/]+\.json$/.test(path));
  const path = models.find((each) => each === "models/model.json") ?? models[0];
  if (path === undefined) throw withoutProgram(archive.files);
  if (models.length > 1) {
    throw badExport(
      `an archive must hold one network, got ${models.slice(0, 8).join(", ")}`,
      "save the one that you want by itself",
    );
  }
  const program = await readText(archive, path, programSchema);
  const name = path.slice("models/".length, -".json".length);
  return {
    program,
    weights: await payloadsOf(archive, "data/weights/", name, "weights"),
    constants: await payloadsOf(archive, "data/constants/", name, "constants"),
  };
}

function withoutProgram(files: readonly string[]): Error {
  const isCompiled = files.some((path) => path.startsWith("data/aotinductor/"));
  return badExport(
    `an archive must hold an exported program, got ${isCompiled ? "a compiled one (AOTInductor)" : "none"}`,
    "save the network with torch.export.save",
  );
}

async function oldLayout(archive: FolderSource): Promise<Parts> {
  const program = await readText(archive, oldProgram, programSchema);
  const payloads = (kind: string): Promise<FindPayload> => {
    const names = [`serialized_${kind}.pt`, `serialized_${kind}.json`];
    const path = names.find((name) => archive.files.includes(name));
    return path === undefined
      ? Promise.resolve(async () => undefined)
      : pickledPayloads(archive, path);
  };
  return {
    program,
    weights: await payloads("state_dict"),
    constants: await payloads("constants"),
  };
}

/** Only what the outputs need is read. */
async function graphOf(
  exported: ExportedProgram,
  findWeight: FindPayload,
  findConstant: FindPayload,
): Promise<Graph> {
  const { graph, signature } = exported.graph_module;
  const memory = new SharedMemory(graph.nodes);
  const outputs = signature.output_specs.flatMap((spec) =>
    spec.loss_output ? [spec.loss_output.arg.name] : tensorNames(spec.user_output?.arg),
  );
  if (outputs.length === 0) throw badExport("a network must give a tensor, got none");
  const nodes = neededNodes(graph.nodes, memory, outputs);
  const read = new Set([
    ...outputs,
    ...nodes.flatMap((node) => node.inputs.flatMap(({ arg }) => tensorNames(arg))),
  ]);
  const names = new Map<string, string>();
  const stored = new Map<string, StoredTensor>();
  for (const { parameter, buffer, tensor_constant: constant } of signature.input_specs) {
    const arg = (parameter ?? buffer ?? constant)?.arg.name;
    if (arg === undefined || !read.has(arg)) continue;
    const name =
      parameter?.parameter_name ?? buffer?.buffer_name ?? constant?.tensor_constant_name ?? arg;
    const found = (await findWeight(name)) ?? (await findConstant(name));
    if (!found) throw badExport(`the weights of "${name}" must be in the archive, got none`);
    names.set(arg, name);
    stored.set(arg, found);
  }
  const tensors = await readWeights(stored);
  const weights = new Map(
    [...tensors].map(([arg, tensor]): [string, { name: string; tensor: Tensor }] => [
      arg,
      { name: names.get(arg)!, tensor },
    ]),
  );
  const inputs = signature.input_specs.flatMap(({ user_input: input }) => tensorNames(input?.arg));
  return translate({ exported, nodes, memory, inputs, outputs, weights });
}
