/** @file The weights of files that torch.save wrote, by their names. */
import type { Tensor } from "../../graph/tensor.ts";
import type { ByteSource } from "../source.ts";
import { weightsOf, type TakenWeights } from "./checkpoint.ts";
import { openTorchFile } from "./open.ts";
import { badPickle } from "./pickle-bytes.ts";
import { readWeights } from "./read-weights.ts";
import { UnreadTensor } from "./rebuilt.ts";
import type { StoredTensor } from "./stored-tensor.ts";

/** Tensors by their names, and what was chosen where a file holds several dictionaries of them. */
export interface FileWeights extends TakenWeights {
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** The tensors of a state dictionary, in its order. Throws `bad-file`, also for tensors that are not read. */
export async function readTorchWeights(source: ByteSource): Promise<FileWeights> {
  const { root, find } = await openTorchFile(source);
  const { weights, ...choice } = weightsOf(root, find);
  const plain = new Map<string, StoredTensor>();
  for (const [name, tensor] of weights) {
    if (tensor instanceof UnreadTensor) {
      throw badPickle(
        `"${name}" must be a plain tensor, got ${tensor.kind}`,
        "save the state dictionary of the network in float32",
      );
    }
    plain.set(name, tensor);
  }
  return { tensors: await readWeights(plain), ...choice };
}
