/** @file The command line through its front door, and a small network with a picture to give it. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../src/cli/run.ts";
import { encodeOnnx } from "../src/formats/onnx/encode.ts";
import { GraphBuilder } from "../src/graph/builder.ts";
import type { Graph } from "../src/graph/graph.ts";
import { tensorOf } from "../src/graph/tensor.ts";
import { encodePng } from "../src/node/codecs.ts";
import { randomStream } from "../src/random.ts";

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a command line prints and exits with. */
export async function limpid(...argv: readonly string[]): Promise<Outcome> {
  let out = "";
  let err = "";
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    signal: { aborted: false },
    isWatched: false,
  };
  const code = await run(argv, io);
  return { code, out, err };
}

/** Conv 3 to 4, ReLU (`features`), mean over places, softmax; for pictures of 8 by 8. */
export function smallNetwork(weights: (i: number) => number): Graph {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, 8, 8]);
  const w = b.initializer(
    "w",
    tensorOf(
      "float32",
      [4, 3, 3, 3],
      Array.from({ length: 108 }, (_, i) => weights(i)),
    ),
  );
  const features = b.op("Relu", [b.op("Conv", [x, w])], {}, "features");
  const pooled = b.op("Flatten", [b.op("GlobalAveragePool", [features])], {}, "logits");
  b.output(b.op("Softmax", [pooled], { axis: -1 }, "probabilities"));
  return b.build();
}

/** A new folder with `good.onnx` and `good.png`. */
export async function folderWithModel(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "limpid-commands-"));
  const random = randomStream("command line");
  writeFileSync(join(folder, "good.onnx"), encodeOnnx(smallNetwork(() => random.normal())).bytes);
  const data = Uint8Array.from({ length: 3 * 64 }, () => random.below(256));
  const picture = { widthPx: 8, heightPx: 8, channels: 3, data } as const;
  writeFileSync(join(folder, "good.png"), await encodePng(picture));
  return folder;
}
