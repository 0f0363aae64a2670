/** @file What PyTorch's own classes of a pickle mean: tensors, parameters and storages; nothing else is known. */
import { bytesPerElement, mostAxes } from "../../graph/tensor.ts";
import { badPickle } from "./pickle-bytes.ts";
import {
  PickleGlobal,
  PickleObject,
  PickleReference,
  PickleTuple,
  type PickleValue,
} from "./pickle-value.ts";
import type { Storage, StoredTensor, StoredType } from "./stored-tensor.ts";
import { storageTypes, torchTypes } from "./torch-types.ts";

/** Finds the bytes of a storage by its key. Throws `bad-file` if there are none. */
export type FindStorage = (key: string, bytes: number) => Storage;

/** A tensor that cannot be read, with what it is: "a sparse tensor". */
export class UnreadTensor {
  readonly kind: string;

  constructor(kind: string) {
    this.kind = kind;
  }
}

/** Wrappings of wrappings are none of PyTorch's. */
const mostWrappings = 8;

/** The tensor that a value of a pickle stands for; undefined if it is none. Throws `bad-file` for a broken one. */
export function tensorOf(
  value: PickleValue,
  find: FindStorage,
  level = 0,
): StoredTensor | UnreadTensor | undefined {
  if (!(value instanceof PickleObject) || level > mostWrappings) return undefined;
  const name = value.maker.name.replace(/^torch\._(utils|tensor)\./, "");
  const { given } = value;
  switch (name) {
    case "_rebuild_tensor":
    case "_rebuild_tensor_v2":
      return turnedLater(given[6]) ?? view(given, find);
    case "_rebuild_tensor_v3":
      return turnedLater(given[7]) ?? view(given, find, typeOf(given[6]));
    case "_rebuild_parameter":
    case "_rebuild_parameter_with_state":
    case "torch.nn.parameter.Parameter":
    case "torch.nn.parameter.Buffer":
      return tensorOf(given[0] ?? null, find, level + 1);
    case "_rebuild_from_type_v2":
      return rebuiltFromType(given, find, level);
    case "_rebuild_sparse_tensor":
    case "_rebuild_sparse_csr_tensor":
      return new UnreadTensor("a sparse tensor");
    case "_rebuild_qtensor":
      return new UnreadTensor("a quantised tensor");
    default:
      return name.startsWith("_rebuild_") ? new UnreadTensor(`a tensor by ${name}`) : undefined;
  }
}

/** Views by torch._neg_view and of complex conjugates are stored as what they are views of. */
function turnedLater(marks: PickleValue | undefined): UnreadTensor | undefined {
  if (!(marks instanceof Map)) return undefined;
  const isTurned = marks.get("neg") === true || marks.get("conj") === true;
  return isTurned ? new UnreadTensor("a negated or conjugated view") : undefined;
}

/** A tensor of a class of its own, or with attributes: the function, the class, the function's arguments, the rest. */
function rebuiltFromType(
  given: readonly PickleValue[],
  find: FindStorage,
  level: number,
): StoredTensor | UnreadTensor | undefined {
  const [maker, , items] = given;
  if (!(maker instanceof PickleGlobal) || !(items instanceof PickleTuple)) return undefined;
  return tensorOf(new PickleObject(maker, items.items), find, level + 1);
}

function typeOf(value: PickleValue | undefined): StoredType | UnreadTensor {
  const name = value instanceof PickleGlobal ? value.name : "an unknown type";
  const type = name.replace(/^torch\./, "");
  if (Object.hasOwn(torchTypes, type)) return torchTypes[type]!;
  return new UnreadTensor(`a tensor of ${name}`);
}

/** A view of a storage: the storage, an offset, sizes and strides. */
function view(
  given: readonly PickleValue[],
  find: FindStorage,
  asked?: StoredType | UnreadTensor,
): StoredTensor | UnreadTensor {
  const [reference, offset, sizes, strides] = given;
  const stored = storageOf(reference, find);
  if (stored instanceof UnreadTensor) return stored;
  const type = asked ?? stored.type;
  if (type instanceof UnreadTensor) return type;
  const start = numberOf(offset) + stored.start;
  return {
    storage: stored.storage,
    type,
    offset: start,
    dims: numbers(sizes),
    strides: numbers(strides),
  };
}

/** `("storage", class, key, device, elements, view)`; a view is `(key, first element, elements)`. */
function storageOf(
  value: PickleValue | undefined,
  find: FindStorage,
): { storage: Storage; type: StoredType; start: number } | UnreadTensor {
  const id = value instanceof PickleReference ? value.id : undefined;
  const [kind, maker, key, , count, part] = id instanceof PickleTuple ? id.items : [];
  if (kind !== "storage" || !(maker instanceof PickleGlobal) || key === undefined || key === null) {
    throw badPickle("a tensor must name its storage, got another value");
  }
  const name = maker.name.split(".").at(-1)!;
  const isUntyped = name === "UntypedStorage";
  const type = isUntyped ? "uint8" : storageTypes[name];
  if (!isUntyped && !Object.hasOwn(storageTypes, name)) {
    return new UnreadTensor(`a tensor in a ${name}`);
  }
  const bytes = numberOf(count) * bytesPerElement(type!);
  const start = part instanceof PickleTuple ? numberOf(part.items[1]) : 0;
  return { storage: find(keyText(key), bytes), type: type!, start };
}

/** The key of a storage as text. Throws `bad-file` for what is none. */
export function keyText(key: PickleValue): string {
  if (typeof key === "string" || typeof key === "number" || typeof key === "bigint")
    return `${key}`;
  throw badPickle("the key of a storage must be text or a number");
}

function numberOf(value: PickleValue | undefined): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw badPickle("sizes of tensors must be whole numbers from 0");
}

function numbers(value: PickleValue | undefined): number[] {
  const items = value instanceof PickleTuple ? value.items : value;
  if (!Array.isArray(items)) throw badPickle("sizes of tensors must be a list");
  if (items.length > mostAxes) {
    throw badPickle(`sizes of tensors must be at most ${mostAxes}, got ${items.length}`);
  }
  return items.map(numberOf);
}
