/** @file The variables of `model.weights.npz`: a pickled dictionary of arrays for each layer. */
import type { OpenFile } from "../folder-source.ts";
import { arrayOfNumpy, pickleOfNpy } from "../npy.ts";
import { readPickle } from "../torch-pickle/pickle-machine.ts";
import {
  PickleGlobal,
  PickleObject,
  PickleTuple,
  type PickleValue,
} from "../torch-pickle/pickle-value.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { badWeights } from "./bad-weights.ts";
import { inOrder, type VariableTree } from "./variable-tree.ts";

const ending = ".npy";

/** A layer's variables must be in memory to be read. */
const mostBytes = 2 ** 31 - 1;

/** Parts of a path. */
const deepest = 64;

/** The tree of an archive's files, whose names are the paths of layers; `numpy.savez` wrote them. */
export function npzTree(files: ReadonlyMap<string, OpenFile>): VariableTree {
  const parts = partsOf([...files.keys()].filter((name) => name.endsWith(ending)));
  return {
    variables: async (path) => {
      const name = `${path}${ending}`;
      const open = files.get(name);
      if (!open) return [];
      const arrays = await arraysOf(name, open);
      return inOrder(
        arrays.map(([key, value]) => {
          return { name: key, type: value.type, dims: value.dims, read: async () => value };
        }),
      );
    },
    parts: async (path) => [...(parts.get(path) ?? [])],
    nameOf: async () => undefined,
  };
}

/** Names of what lies below each path. Throws `bad-file` for paths that are very deep. */
function partsOf(names: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const parts = new Map<string, Set<string>>();
  for (const name of names) {
    const path = name.slice(0, -ending.length).split("/");
    if (path.length > deepest) {
      throw badWeights(`paths of layers must have at most ${deepest} parts, got ${path.length}`);
    }
    for (const [i, part] of path.entries()) {
      const above = path.slice(0, i).join("/");
      parts.set(above, (parts.get(above) ?? new Set()).add(part));
    }
  }
  return parts;
}

/** The arrays of a layer by their names. */
async function arraysOf(
  name: string,
  open: OpenFile,
): Promise<readonly (readonly [string, Tensor])[]> {
  const file = await open();
  if (file.size > mostBytes) {
    throw badWeights(`"${name}" must have at most ${mostBytes} bytes, got ${file.size}`);
  }
  const pickle = pickleOfNpy(await file.read(0, file.size), name);
  const entries = pickle && dictionaryOf(readPickle(pickle).value);
  if (!entries) throw badWeights(`"${name}" must hold the arrays of a layer by name, got others`);
  const arrays = [...entries].map(([key, value]) => [key, numpyValueOf(value)] as const);
  const contents = new Set(arrays.map(([, value]) => contentOf(value)?.content));
  return arrays.map(([key, value]) => {
    const array = typeof key === "string" && arrayOf(value, `${name}: ${key}`);
    if (typeof key !== "string" || !array) {
      const got = value instanceof PickleObject ? `a ${value.maker.name}` : "another thing";
      throw badWeights(`"${name}" must hold arrays of NumPy by their names, got ${got}`, advice);
    }
    // A pickle may name one thing many times.
    if (contents.size === arrays.length) return [key, array] as const;
    throw badWeights(`arrays of "${name}" must have bytes of their own, got those of others`);
  });
}

const advice = "save the model with its weights in model.weights.h5, which is Keras's default";

/** Keras 3 pickles its variables, of which the value is an array if NumPy was its backend. */
function numpyValueOf(value: PickleValue): PickleValue {
  if (!(value instanceof PickleObject) || !(value.state instanceof Map)) return value;
  return value.state.get("_value") ?? value;
}

/** What NumPy keeps of an array: version, shape, type, order, and its bytes, or a list of objects. */
interface ArrayState {
  readonly dims: readonly number[];
  readonly type: PickleValue | undefined;
  readonly isFortran: boolean;
  readonly content: PickleValue | undefined;
}

/** NumPy 2 has another name for its module. */
const reconstruct = /^numpy\.(_core|core)\.multiarray\._reconstruct$/;
const scalar = /^numpy\.(_core|core)\.multiarray\.scalar$/;

function stateOf(value: PickleValue | undefined): ArrayState | undefined {
  if (!(value instanceof PickleObject) || !reconstruct.test(value.maker.name)) return undefined;
  if (!(value.state instanceof PickleTuple)) return undefined;
  const [, shape, type, isFortran, content] = value.state.items;
  const dims = shape instanceof PickleTuple ? shape.items.filter(isSize) : [];
  if (!(shape instanceof PickleTuple) || dims.length < shape.items.length) return undefined;
  return { dims, type, isFortran: isFortran === true, content };
}

function isSize(value: PickleValue): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** The dictionary that an array of a single object holds. */
function dictionaryOf(value: PickleValue): Map<PickleValue, PickleValue> | undefined {
  const content = stateOf(value)?.content;
  const [only] = Array.isArray(content) ? content : [];
  return only instanceof Map ? only : undefined;
}

function arrayOf(value: PickleValue, name: string): Tensor | undefined {
  const { type, dims, isFortran, content } = contentOf(value) ?? nothing;
  const descriptor = descriptorOf(type);
  if (descriptor === undefined || !(content instanceof Uint8Array)) return undefined;
  return arrayOfNumpy(descriptor, dims, isFortran, content, name);
}

function contentOf(value: PickleValue): ArrayState | undefined {
  return stateOf(value) ?? scalarOf(value);
}

const nothing: ArrayState = { dims: [], type: undefined, isFortran: false, content: undefined };

/** A single number that is no array. */
function scalarOf(value: PickleValue): ArrayState | undefined {
  if (!(value instanceof PickleObject) || !scalar.test(value.maker.name)) return undefined;
  const [type, content] = value.given;
  return { ...nothing, type, content };
}

/** `<f4`, of a type that was made of `f4` and got its byte order afterwards. */
function descriptorOf(type: PickleValue | undefined): string | undefined {
  if (!(type instanceof PickleObject) || type.maker.name !== "numpy.dtype") return undefined;
  const [code] = type.given;
  const order = type.state instanceof PickleTuple ? type.state.items[1] : undefined;
  if (code instanceof PickleGlobal) return undefined;
  return typeof code === "string" && typeof order === "string" ? `${order}${code}` : undefined;
}
