/** @file The input of a network that a file is shown to, with its others as they are given or assumed. */
import { handedPicture } from "../image/transparency.ts";
import { LimpidError } from "../errors.ts";
import { inFile } from "../graph/file-axes.ts";
import { hasPlaces, type InputPart } from "../graph/input-parts.ts";
import { elementCount, formatShape, tensor, type Tensor } from "../graph/tensor.ts";
import type { Model } from "../network/model.ts";
import { say, type Message } from "../wording/face.ts";
import { isOfNumbers, readNumbers, type ArraySource } from "./array-source.ts";
import {
  areNumbers,
  givenInputs,
  givenTwice,
  listedArray,
  listedNumbers,
  type GivenInput,
} from "./given-inputs.ts";
import { floatValue, type FloatValue } from "./float-values.ts";
import { inputFile } from "./input-file.ts";
import { packedValue, partValue } from "./part-values.ts";
import type { Platform } from "./platform.ts";
import { readPreprocessing, type Preparation } from "./preparation.ts";
import { pictureSource, type Source } from "./source.ts";

type Reader = Pick<Platform, "readBytes" | "readText" | "readPicture">;

/** The first input with places. */
export interface FirstInput {
  readonly part: InputPart;
  /** The network as one of this input, with the others held; itself where it has no others. */
  readonly model: Model;
  /** What was read of this input, with the others beside it. */
  whole(source: Source): Source;
}

/**
 * The input that a file is shown to: the first with places that is not given by name. Throws `bad-option` where all are,
 * else as `partValue`.
 */
export async function aloneWith(
  platform: Reader,
  model: Model,
  preparation: Preparation,
): Promise<FirstInput> {
  const { parts } = model;
  const given = givenInputs(preparation);
  const open = parts.filter(({ name }) => !given.has(name));
  const part = open.find(hasPlaces) ?? open[0];
  if (!part) throw givenTwice(parts[0]!.name, "and the file that is explained");
  if (parts.length === 1) return { part, model, whole: (source) => source };
  const values = new Map<string, Tensor>();
  const notes: Message[] = [];
  for (const other of parts) {
    const value = given.get(other.name);
    if (value === undefined) continue;
    const read = await valueOf(platform, model, other, value, preparation);
    values.set(other.name, read.value);
    if (read.note) notes.push(read.note);
  }
  const rest = packedValue(model, values);
  const isAmbiguous = open.filter(hasPlaces).length > 1;
  const note = say`the file is shown to input "${part.name}", the first of ${String(open.filter(hasPlaces).length)} that are not given`;
  return {
    part,
    model: model.alone(part, rest.input),
    whole: (source) => {
      const { input, notes: assumed } = packedValue(
        model,
        new Map([...values, [part.name, source.input]]),
      );
      // What its preparation gives says nothing of the others' numbers.
      const { expected: _, ...read } = source;
      return { ...read, input, others: [...(isAmbiguous ? [note] : []), ...notes, ...assumed] };
    },
  };
}

/** Throws `shape-mismatch` for an input that is no picture. */
export function requirePicture(part: InputPart, path: string): void {
  const { kind, name } = part;
  if (kind === "picture") return;
  const { dims, axes } = inFile(part);
  throw new LimpidError(
    "shape-mismatch",
    `read: input "${name}" must be numbers ${formatShape(dims)}, which are a ${kind} [${axes.join(", ")}], got the picture "${path}". give a .npy file.`,
  );
}

async function valueOf(
  platform: Reader,
  model: Model,
  part: InputPart,
  value: GivenInput,
  { preprocess, range }: Preparation,
): Promise<FloatValue> {
  if (areNumbers(value)) {
    return partValue(part, listedArray(listedNumbers(value), inFile(part).dims));
  }
  if (typeof value === "object" && "dims" in value) {
    return ofArray({ value, order: "of the file" }, part, part.name);
  }
  if (typeof value === "string" && isOfNumbers(value, { parts: [part] })) {
    const read = await readNumbers(
      platform,
      { parts: [part] },
      inputFile(platform, value),
      preprocess,
    );
    return ofArray(read, part, value);
  }
  const name = typeof value === "string" ? value : part.name;
  requirePicture(part, name);
  const { note, ...picture } =
    typeof value === "string"
      ? await platform.readPicture(value, range)
      : handedPicture(value, name);
  const alone = model.alone(part, nothing(model.inputDims()));
  const how = await readPreprocessing(platform, alone, preprocess, { name, picture });
  const { input, crop } = pictureSource(alone, picture, how);
  const cut = crop && say`of "${name}", ${crop}`;
  const said = note && cut ? say`${note}; ${cut}` : (note ?? cut);
  return { value: input, ...(said ? { note: said } : {}) };
}

function ofArray(
  { value: array, order, numbers }: Pick<ArraySource, "value" | "order" | "numbers">,
  part: InputPart,
  name: string,
): FloatValue {
  const floats = floatValue(array, part, name);
  const { value, note } = partValue(part, floats.value, order);
  const notes = [numbers ?? floats.note, note].filter((each) => each !== undefined);
  const told = notes.length > 1 ? say`${notes[0]!}; ${notes[1]!}` : notes[0];
  return { value, ...(told ? { note: told } : {}) };
}

function nothing([, ...dims]: readonly number[]): Tensor {
  return tensor("float32", [1, ...dims], new Float32Array(elementCount(dims)));
}
