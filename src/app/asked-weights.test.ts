/** @file Models with the weights of a file, as jobs open them, and weights in the place of a model. */
import { expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import { tensorOf, toNumbers } from "../graph/tensor.ts";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import { encodeSafetensors } from "../formats/safetensors.ts";
import { commandWords, libraryWords, wordsOf, type Message } from "../wording/face.ts";
import { savedOld, savedZip } from "../../test/torch/pickle-writer.ts";
import { jobPlatform } from "./job-platform.ts";
import { memoryPlatform } from "./memory-platform.ts";
import { openNetwork } from "./open.ts";

const b = new GraphBuilder();
b.output(b.initializer("fc.weight", tensorOf("float32", [2], [1, 2])));
b.output(b.initializer("fc.bias", tensorOf("float32", [2], [3, 4])));
const onnx = encodeOnnx(b.build()).bytes;
const weight = tensorOf("float32", [2], [5, 6]);
const dictionary = { "module.fc.weight": { tensor: weight }, "module.extra": { tensor: weight } };
const files = {
  "m.onnx": onnx,
  "w.pth": savedZip({ dictionary }),
  "old.bin": savedOld({ dictionary: { epoch: 1, state_dict: { dictionary } } }),
  "ema.pth": savedZip({
    dictionary: { state_dict: { dictionary }, state_dict_ema: { dictionary } },
  }),
  "w.safetensors": encodeSafetensors({ "fc.weight": weight, extra: weight }),
};

function open(asked: string, weights: string | undefined, notes: string[] = []) {
  return openNetwork(asked, {
    platform: jobPlatform(memoryPlatform({ files })),
    offline: true,
    signal: { aborted: false },
    words: libraryWords,
    ...(weights === undefined ? {} : { weights }),
    onNote: (note: string | Message) => notes.push(wordsOf(note, commandWords)),
  });
}

test.each(["w.pth", "old.bin", "w.safetensors"])("%s is loaded, and told", async (name) => {
  const notes: string[] = [];
  const graph = await open("m.onnx", name, notes);
  expect(toNumbers(graph.initializers.get("fc.weight")!)).toEqual([5, 6]);
  expect(toNumbers(graph.initializers.get("fc.bias")!)).toEqual([3, 4]);
  const extra = name === "w.safetensors" ? "extra" : "module.extra";
  expect(notes).toEqual([
    `1 of the network's 2 weights are those of "${name}". 1 stays as it was: "fc.bias". Not used of the file: "${extra}".`,
  ]);
});

test("of a checkpoint with an average of its weights it is told which are taken", async () => {
  const notes: string[] = [];
  await open("m.onnx", "ema.pth", notes);
  expect(notes).toEqual([
    `1 of the network's 2 weights are those of "ema.pth". Of the file, "state_dict" was taken, and passed over: "state_dict_ema". 1 stays as it was: "fc.bias". Not used of the file: "module.extra".`,
  ]);
});

test.each(["w.pth", "old.bin", "w.safetensors"])(
  "%s as the model is told to be weights",
  async (name) => {
    const error = await open(name, undefined).catch((cause: unknown) => cause);
    const said = wordsOf((error as { said: Message }).said, commandWords);
    expect(said).toMatch(/give its network as the model, and this file with --weights/);
  },
);

test("a file that holds no weights is refused by its kind", async () => {
  await expect(open("m.onnx", "m.onnx")).rejects.toThrow(
    /"m.onnx": weights: the file must be one of torch.save \(.pth, .pt, .bin\) or .safetensors/,
  );
});
