/** @file A folder with a network, pictures and tensors for `limpid attribute`, and the command in it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { expect } from "vitest";
import {
  attributionSchema,
  type AttributionRecord,
  type Summary,
} from "../src/app/attribute/schema.ts";
import { decodeNpy, encodeNpy } from "../src/formats/npy.ts";
import { encodeOnnx } from "../src/formats/onnx/encode.ts";
import { tensorOf } from "../src/graph/tensor.ts";
import { randomStream } from "../src/random.ts";
import { folderWithModel, limpid, smallNetwork, type Outcome } from "./command-line.ts";

/** The record of a text, checked. */
export const recordOf = (text: string): AttributionRecord =>
  v.parse(attributionSchema, JSON.parse(text));

/** The record that a folder of results has. */
export const recordIn = (path: string): AttributionRecord =>
  recordOf(readFileSync(join(path, "results.json"), "utf8"));

/** A field of all results. */
export const columnOf = ({ results }: AttributionRecord, key: keyof Summary) =>
  results.map((result) => result[key]);

export const rawOf = (path: string) => decodeNpy(new Uint8Array(readFileSync(path)));

/** The command in a folder with `good.onnx`, `dead.onnx`, `good.png`, `photos`, `two.npy`, `bytes.npy`, `labels.txt`. */
export class AttributeFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<AttributeFolder> {
    const made = new AttributeFolder(await folderWithModel());
    const { at } = made;
    const random = randomStream("attribute");
    const numbers = Array.from({ length: 384 }, () => random.normal());
    writeFileSync(at("two.npy"), encodeNpy(tensorOf("float32", [2, 3, 8, 8], numbers)));
    writeFileSync(at("labels.txt"), "cat\ndog\ncow, brown\nwolf\n");
    mkdirSync(at("photos"));
    for (const name of ["b.png", "a.png"])
      writeFileSync(at(join("photos", name)), readFileSync(at("good.png")));
    writeFileSync(at(join("photos", "notes.txt")), "no picture");
    const bytes = numbers.slice(0, 192).map((value) => Math.round(128 + 127 * Math.tanh(value)));
    writeFileSync(at("bytes.npy"), encodeNpy(tensorOf("float32", [1, 3, 8, 8], bytes)));
    writeFileSync(at("dead.onnx"), encodeOnnx(smallNetwork(() => -1)).bytes);
    return made;
  }

  readonly at = (name: string): string => join(this.path, name);

  readonly attribute = (
    inputs: readonly string[],
    ...options: readonly string[]
  ): Promise<Outcome> =>
    limpid("attribute", this.at("good.onnx"), ...inputs.map(this.at), ...options);

  /** What `--json` prints. */
  readonly printed = async (
    inputs: readonly string[],
    ...options: readonly string[]
  ): Promise<AttributionRecord> => {
    const { code, out, err } = await this.attribute(inputs, ...options, "--json");
    expect(code, err).toBe(0);
    return recordOf(out);
  };

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
