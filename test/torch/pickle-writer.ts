/** @file Writes pickles of protocol 2 as torch.save does, for tests: state dictionaries and what stands around them. */
import type { Tensor } from "../../src/graph/tensor.ts";
import { bytesOf, rawBytes, storedZip } from "./archive.ts";

/** A tensor as a view of a storage; without `view` the whole of a storage of its own. */
interface SavedTensor {
  readonly tensor: Tensor;
  /** A key of a storage that several share; its bytes are those of the first. */
  readonly storage?: string;
  readonly view?: {
    readonly offset: number;
    readonly dims: readonly number[];
    readonly strides: readonly number[];
  };
  readonly isParameter?: boolean;
  /** A mark of torch._neg_view and of complex conjugates. */
  readonly mark?: "neg" | "conj";
}

/** An object of a class of somebody's own. */
export class SavedObject {
  readonly module: string;
  readonly name: string;
  readonly state: Saved;

  constructor(module: string, name: string, state: Saved) {
    this.module = module;
    this.name = name;
    this.state = state;
  }
}

export type Saved =
  | null
  | boolean
  | number
  | string
  | readonly Saved[]
  | SavedObject
  | SavedTensor
  | { readonly dictionary: Readonly<Record<string, Saved>>; readonly isOrdered?: boolean }
  /** A dictionary with the keys 0, 1, ... */
  | { readonly numbered: readonly Saved[] };

const storageClasses: Readonly<Record<string, string>> = {
  float32: "FloatStorage",
  float64: "DoubleStorage",
  float16: "HalfStorage",
  bfloat16: "BFloat16Storage",
  int64: "LongStorage",
  int32: "IntStorage",
  uint8: "ByteStorage",
  bool: "BoolStorage",
};

class PickleWriter {
  readonly bytes: number[] = [0x80, 2];
  readonly storages = new Map<string, Tensor>();
  readonly #isOld: boolean;

  constructor(isOld = false) {
    this.#isOld = isOld;
  }

  value(saved: Saved): void {
    if (saved === null) return this.#code("N");
    if (typeof saved === "boolean") return this.#push(saved ? 0x88 : 0x89);
    if (typeof saved === "number") return this.#number(saved);
    if (typeof saved === "string") return this.#text(saved);
    if (saved instanceof SavedObject) return this.#object(saved);
    if ("tensor" in saved) return this.#tensor(saved);
    if ("dictionary" in saved) return this.#dictionary(saved.dictionary, saved.isOrdered === true);
    if ("numbered" in saved) return this.#numbered(saved.numbered);
    this.#code("](");
    for (const each of saved) this.value(each);
    this.#code("e");
  }

  end(): Uint8Array {
    this.#code(".");
    return Uint8Array.from(this.bytes);
  }

  #push(...codes: number[]): void {
    for (const code of codes) this.bytes.push(code);
  }

  #code(letters: string): void {
    this.#push(...Array.from(letters, (letter) => letter.charCodeAt(0)));
  }

  #number(value: number): void {
    const view = new DataView(new ArrayBuffer(8));
    if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) {
      view.setInt32(0, value, true);
      this.#push(0x4a, ...new Uint8Array(view.buffer, 0, 4));
    } else {
      view.setFloat64(0, value);
      this.#push(0x47, ...new Uint8Array(view.buffer));
    }
  }

  #text(value: string): void {
    const bytes = bytesOf(value);
    this.#push(0x58, bytes.length & 0xff, (bytes.length >> 8) & 0xff, 0, 0, ...bytes);
  }

  #global(module: string, name: string): void {
    this.#code(`c${module}\n${name}\n`);
  }

  #dictionary(entries: Readonly<Record<string, Saved>>, isOrdered: boolean): void {
    if (isOrdered) {
      this.#global("collections", "OrderedDict");
      this.#code(")R");
    } else {
      this.#code("}");
    }
    this.#code("(");
    for (const [key, value] of Object.entries(entries)) {
      this.#text(key);
      this.value(value);
    }
    this.#code("u");
    if (!isOrdered) return;
    // What a state dictionary remembers of its versions.
    this.#code("}");
    this.#text("_metadata");
    this.#code("}sb");
  }

  #numbered(values: readonly Saved[]): void {
    this.#code("}(");
    for (const [key, value] of values.entries()) {
      this.#number(key);
      this.value(value);
    }
    this.#code("u");
  }

  #object({ module, name, state }: SavedObject): void {
    this.#global(module, name);
    this.#push(0x29, 0x81);
    this.value(state);
    this.#code("b");
  }

  #tensor({ tensor, storage, view, isParameter = false, mark }: SavedTensor): void {
    const key = storage ?? String(this.storages.size);
    if (!this.storages.has(key)) this.storages.set(key, tensor);
    const stored = this.storages.get(key)!;
    const dims = view?.dims ?? tensor.dims;
    const strides =
      view?.strides ??
      dims.map((_, axis) => dims.slice(axis + 1).reduce((product, dim) => product * dim, 1));
    if (isParameter) {
      this.#global("torch._utils", "_rebuild_parameter");
      this.#code("(");
    }
    this.#global("torch._utils", "_rebuild_tensor_v2");
    this.#code("((");
    this.#text("storage");
    this.#global("torch", storageClasses[stored.type]!);
    this.#text(key);
    this.#text("cpu");
    this.#number((stored.data as Float32Array).length);
    if (this.#isOld) this.#code("N");
    this.#code("tQ");
    this.#number(view?.offset ?? 0);
    this.#numbers(dims);
    this.#numbers(strides);
    this.#push(0x89);
    this.#global("collections", "OrderedDict");
    this.#code(")R");
    if (mark !== undefined) this.#dictionary({ [mark]: true }, false);
    this.#code("tR");
    if (!isParameter) return;
    this.#push(0x88);
    this.#global("collections", "OrderedDict");
    this.#code(")RtR");
  }

  #numbers(values: readonly number[]): void {
    this.#code("(");
    for (const value of values) this.#number(value);
    this.#code("t");
  }
}

/** A file of torch.save as of PyTorch 1.6: a zip. */
export function savedZip(saved: Saved): Uint8Array {
  const writer = new PickleWriter();
  writer.value(saved);
  const data = [...writer.storages].map(([key, tensor]) => [`data/${key}`, rawBytes(tensor)]);
  return storedZip({
    "data.pkl": writer.end(),
    byteorder: bytesOf("little"),
    ...(Object.fromEntries(data) as Record<string, Uint8Array>),
    version: bytesOf("3\n"),
  });
}

/** A file of torch.save before PyTorch 1.6. */
export function savedOld(saved: Saved): Uint8Array {
  const writer = new PickleWriter(true);
  writer.value(saved);
  const storages = [...writer.storages];
  const keys = new PickleWriter();
  keys.value(storages.map(([key]) => key));
  const system = new PickleWriter();
  system.value({ dictionary: { protocol_version: 1001, little_endian: true } });
  const version = new PickleWriter();
  version.value(1001);
  const magic = [
    0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e,
  ];
  const parts: Uint8Array[] = [
    Uint8Array.from(magic),
    version.end(),
    system.end(),
    writer.end(),
    keys.end(),
    ...storages.flatMap(([, tensor]) => {
      const count = new BigInt64Array([BigInt((tensor.data as Float32Array).length)]);
      return [new Uint8Array(count.buffer), rawBytes(tensor)];
    }),
  ];
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
