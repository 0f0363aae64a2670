/** @file The record of a conversion, as a schema: what `limpid convert --json` prints. */
import * as v from "valibot";
import { described, index, type Recorded } from "../../wording/record-schema.ts";

const shape = described(v.array(v.number()), "as it was fed");

const comparison = v.strictObject({
  seed: index("of the random input"),
  inputs: v.array(v.strictObject({ name: v.string(), shape })),
  outputs: v.array(
    v.strictObject({
      name: v.string(),
      difference: described(
        v.number(),
        "largest difference between the model and the file that was written, as a share of the largest number",
      ),
    }),
  ),
});

export const convertSchema = v.strictObject({
  model: described(v.string(), "path, address or name"),
  files: described(
    v.array(v.strictObject({ path: v.string(), bytes: index("of the file") })),
    "what was written, the model first",
  ),
  digest: described(v.string(), "SHA-256 of the network, whatever file it is in"),
  nodes: index("of the graph"),
  parameters: index("numbers in its weights"),
  metadata: described(v.array(v.string()), "keys of what the file says beside the graph"),
  reading: described(v.array(v.string()), "what reading assumed, left out or computes otherwise"),
  compared: described(v.nullable(comparison), "null where the network could not be run"),
});

/** What was written, and how far it is the same. */
export type ConvertRecord = Recorded<typeof convertSchema>;

export type Comparison = NonNullable<ConvertRecord["compared"]>;
