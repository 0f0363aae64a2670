/** @file The loop: what it learns, that stopping loses nothing, and how it fails. */
import { describe, expect, test } from "vitest";
import { drawnBatches } from "../../test/drawn-batches.ts";
import { smallNetwork } from "../../test/small-trainable.ts";
import { LimpidError } from "../errors.ts";
import { encodeSafetensors } from "../formats/safetensors.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { decodeCheckpoint, encodeCheckpoint } from "./checkpoint.ts";
import type { BatchSource } from "./data/batch-source.ts";
import { lossOf } from "./losses.ts";
import { adam } from "../optimize/adam.ts";
import { sgd } from "../optimize/sgd.ts";
import { constant, plateau, type Moment } from "./schedules.ts";
import type { TrainedValues, TrainingState } from "./state.ts";
import { train, type TrainOptions } from "./train.ts";

const runtime = createNodeRuntime({ threads: 2 });

/** Batch normalisation, dropout, a last batch that is smaller: all that a run can stumble over. */
const network = smallNetwork({ batchNorm: true, dropout: 0.25 });

function options(changes: Partial<TrainOptions> = {}): TrainOptions {
  return {
    training: drawnBatches({ seed: "training", examples: 44, batchSize: 8 }),
    heldOut: drawnBatches({ seed: "held out", examples: 30, batchSize: 7 }),
    batchSize: 8,
    loss: lossOf(network),
    optimizer: adam(),
    schedule: constant(0.01),
    epochs: 3,
    clock: () => 0,
    ...changes,
  };
}

function bytesOf({ parameters, memory }: TrainedValues): Uint8Array {
  return encodeSafetensors(Object.fromEntries([...parameters, ...memory]));
}

/** Fires after so many batches were asked for. */
function stopAfter(batches: number) {
  const signal = { aborted: false };
  const { training } = options();
  const stopping: BatchSource = {
    ...training,
    async *batches(epoch, first) {
      for await (const batch of training.batches(epoch, first)) {
        if (--batches < 0) signal.aborted = true;
        yield batch;
      }
    },
  };
  return { signal, training: stopping };
}

test("learns what can be learned", async () => {
  const { history, best } = await train(network, runtime, options({ epochs: 12 }));
  expect(history.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  const [first, last] = [history[0]!, history.at(-1)!];
  expect(last.training.loss).toBeLessThan(first.training.loss / 3);
  expect(last.training.examples).toBe(44);
  expect(last.heldOut.examples).toBe(30);
  const accuracies = history.map(({ heldOut }) => heldOut.accuracy);
  expect(best.score.accuracy).toBe(Math.max(...accuracies));
  expect(best.score.accuracy).toBeGreaterThan(0.9);
  const equals = history.filter(({ heldOut }) => heldOut.accuracy === best.score.accuracy);
  const losses = equals.map(({ heldOut }) => heldOut.loss);
  expect(history[best.epoch - 1]!.heldOut.loss).toBe(Math.min(...losses));
});

test("trains a network of one unit", async () => {
  const unit = smallNetwork({ classes: 1 });
  const two = { classes: 2 };
  const { best } = await train(
    unit,
    runtime,
    options({
      training: drawnBatches({ seed: "training", examples: 40, batchSize: 8, ...two }),
      heldOut: drawnBatches({ seed: "held out", examples: 30, batchSize: 8, ...two }),
      loss: lossOf(unit),
      epochs: 6,
    }),
  );
  expect(best.score.accuracy).toBeGreaterThan(0.9);
});

describe("bytes", () => {
  test("are those of the seed", async () => {
    const of = async (seed: number) =>
      bytesOf((await train(network, runtime, options({ seed }))).final);
    const [a, b, c] = [await of(1), await of(1), await of(2)];
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  test("are the same from whichever checkpoint a run goes on", async () => {
    const checkpoints: Uint8Array[] = [];
    let time = 0;
    const whole = await train(
      network,
      runtime,
      options({
        clock: () => (time += 1),
        checkpoints: {
          everyMs: 1,
          save: (state) => void checkpoints.push(encodeCheckpoint(state)),
        },
      }),
    );
    // Six batches and the end of the epoch, three times.
    expect(checkpoints).toHaveLength(21);
    for (const bytes of checkpoints) {
      const resume = decodeCheckpoint(bytes);
      const again = await train(network, runtime, options({ resume }));
      expect(bytesOf(again.final)).toEqual(bytesOf(whole.final));
      expect(bytesOf(again.best)).toEqual(bytesOf(whole.best));
      const scores = ({ history }: typeof whole) =>
        history.map(({ epoch, training, heldOut, rate }) => ({ epoch, training, heldOut, rate }));
      expect(scores(again)).toEqual(scores(whole));
    }
  });

  test("are the same after the signal has stopped a run", async () => {
    const whole = await train(network, runtime, options());
    for (const batches of [0, 4, 6, 11]) {
      let last: Uint8Array | undefined;
      const run = train(
        network,
        runtime,
        options({
          ...stopAfter(batches),
          checkpoints: {
            everyMs: 1e9,
            save: (state) => {
              last = encodeCheckpoint(state);
            },
          },
        }),
      );
      await expect(run).rejects.toMatchObject({
        code: "aborted",
        message: expect.stringMatching(/: stopped before it was done\.$/),
      });
      const again = await train(network, runtime, options({ resume: decodeCheckpoint(last!) }));
      expect(bytesOf(again.final)).toEqual(bytesOf(whole.final));
    }
  });
});

test("a checkpoint's state is not touched by later steps", async () => {
  const states: TrainingState[] = [];
  const bytes: Uint8Array[] = [];
  const save = (state: TrainingState) => {
    states.push(state);
    bytes.push(encodeCheckpoint(state));
  };
  await train(network, runtime, options({ checkpoints: { everyMs: 0, save } }));
  expect(states.map(encodeCheckpoint)).toEqual(bytes);
});

test("checkpoints come after every epoch, and between them only after a while", async () => {
  const places = async (everyMs: number) => {
    let time = 0;
    const saved: string[] = [];
    const save = ({ history, batch }: TrainingState) =>
      void saved.push(`${history.length}:${batch}`);
    const onStep = () => void (time += 60);
    const checkpoints = { everyMs, save };
    await train(network, runtime, options({ epochs: 2, clock: () => time, checkpoints, onStep }));
    return saved;
  };
  expect(await places(1e9)).toEqual(["1:0", "2:0"]);
  expect(await places(100)).toEqual(["0:2", "0:4", "0:6", "1:0", "1:2", "1:4", "1:6", "2:0"]);
});

test("more epochs can be asked for than a run was started with", async () => {
  let last: Uint8Array | undefined;
  const save = (state: TrainingState) => {
    last = encodeCheckpoint(state);
  };
  await train(network, runtime, options({ epochs: 1, checkpoints: { everyMs: 1e9, save } }));
  const resume = decodeCheckpoint(last!);
  const longer = await train(network, runtime, options({ epochs: 2, resume }));
  const whole = await train(network, runtime, options({ epochs: 2 }));
  expect(bytesOf(longer.final)).toEqual(bytesOf(whole.final));
});

test("the next batch is asked for before a step ends", async () => {
  const events: string[] = [];
  const { training } = options();
  const told: BatchSource = {
    ...training,
    async *batches(epoch, first) {
      let number = 0;
      for await (const batch of training.batches(epoch, first)) {
        events.push(`batch ${++number}`);
        yield batch;
      }
    },
  };
  const onStep = ({ batch }: { readonly batch: number }) => events.push(`step ${batch}`);
  await train(network, runtime, options({ training: told, epochs: 1, onStep }));
  expect(events.slice(0, 5)).toEqual(["batch 1", "batch 2", "step 1", "batch 3", "step 2"]);
});

test("frozen parameters stay, the others move", async () => {
  const frozen = new Set(["conv/kernel"]);
  const { final, best } = await train(network, runtime, options({ epochs: 1, frozen }));
  for (const [name, value] of final.parameters) {
    const start = network.parameters.get(name)!;
    if (frozen.has(name)) expect(value).toEqual(start);
    else expect(value).not.toEqual(start);
  }
  expect(best.parameters.get("conv/kernel")).toEqual(network.parameters.get("conv/kernel"));
});

test("the rate follows the held-out loss", async () => {
  const schedule = plateau(1e-9, { patience: 1, factor: 0.5, threshold: 0.5 });
  const { history } = await train(smallNetwork(), runtime, options({ epochs: 6, schedule }));
  expect(history.map(({ rate }) => rate / 1e-9)).toEqual([1, 1, 1, 0.5, 0.5, 0.25]);
});

describe("stops", () => {
  const saved: number[] = [];
  const diverging = options({
    optimizer: sgd(),
    schedule: { name: "explodes", rate: ({ step }) => (step < 8 ? 0.01 : 1e30) },
    checkpoints: {
      everyMs: 0,
      save: ({ history, batch }) => void saved.push(history.length * 6 + batch),
    },
  });

  test("where a weight is no longer finite, and keeps only checkpoints of finite ones", async () => {
    await expect(train(smallNetwork(), runtime, diverging)).rejects.toMatchObject({
      code: "runtime",
      message: expect.stringMatching(
        /^train: .+ must stay finite, got (NaN or infinity|NaN|Infinity) at batch \d of epoch 2\. the last good checkpoint is kept; use a smaller learning rate or clip the gradients\.$/,
      ),
    });
    expect(saved.length).toBeGreaterThanOrEqual(8);
  });

  test("where the loss is no longer finite", async () => {
    const { checkpoints: _, ...unsaved } = diverging;
    await expect(train(smallNetwork(), runtime, unsaved)).rejects.toThrow(
      /^train: the loss must stay finite, got (NaN|-?Infinity) at batch \d+ of epoch 2\./,
    );
  });

  test("where the last step leaves weights that are not finite", async () => {
    const schedule = { name: "explodes", rate: ({ step }: Moment) => (step < 5 ? 0.01 : 1e39) };
    const run = train(smallNetwork(), runtime, options({ optimizer: sgd(), schedule, epochs: 1 }));
    await expect(run).rejects.toThrow("must stay finite");
  });

  test("if there is nothing to train on or to judge by", async () => {
    const empty = (source: BatchSource): BatchSource => ({
      ...source,
      async *batches(epoch) {
        for await (const { pictures, ...batch } of source.batches(epoch)) {
          const dims = pictures.dims.with(0, 0);
          const none = new Int32Array(0);
          yield {
            ...batch,
            pictures: { ...pictures, dims, data: new Float32Array(0) },
            labels: none,
            indices: none,
          };
        }
      },
    });
    const { training, heldOut } = options();
    const noTraining = train(network, runtime, options({ training: empty(training) }));
    await expect(noTraining).rejects.toThrow(
      "train: there must be examples that can be read, got none.",
    );
    const noHeldOut = train(network, runtime, options({ heldOut: empty(heldOut) }));
    await expect(noHeldOut).rejects.toThrow(
      "evaluate: there must be examples that can be read, got none.",
    );
  });

  test("with the error of a batch that cannot be had", async () => {
    const { training } = options();
    const broken: BatchSource = {
      ...training,
      async *batches(epoch) {
        let number = 0;
        for await (const batch of training.batches(epoch)) {
          if (++number === 3)
            throw new LimpidError("bad-file", "cat.jpg: the file must be a JPEG.");
          yield batch;
        }
      },
    };
    const steps: number[] = [];
    const onStep = ({ batch }: { readonly batch: number }) => steps.push(batch);
    const run = train(network, runtime, options({ training: broken, onStep }));
    await expect(run).rejects.toThrow("cat.jpg");
    expect(steps).toEqual([1, 2]);
  });

  test.each([
    [{ epochs: 0 }, "train: epochs must be at least 1, got 0."],
    [{ batchSize: 1.5 }, "train: batchSize must be at least 1, got 1.5."],
  ])("at %o", async (changes, message) => {
    await expect(train(network, runtime, options(changes))).rejects.toThrow(message);
  });

  test("where a checkpoint is another run's", async () => {
    let last: Uint8Array | undefined;
    const save = (state: TrainingState) => {
      last = encodeCheckpoint(state);
    };
    await train(network, runtime, options({ epochs: 1, checkpoints: { everyMs: 1e9, save } }));
    const resume = decodeCheckpoint(last!);
    const goOn = (changes: Partial<TrainOptions>, other = network) =>
      train(other, runtime, options({ resume, ...changes }));
    await expect(goOn({ seed: 7 })).rejects.toThrow(
      'train: to go on, "seed" must be 0 as in the checkpoint, got 7. use the options that the run was started with, or start anew.',
    );
    await expect(goOn({ optimizer: sgd() })).rejects.toThrow('"optimizer" must be adam');
    await expect(goOn({}, smallNetwork({ classes: 5, batchNorm: true }))).rejects.toThrow(
      '"parameter/dense/kernel" must be float32 [64, 3] as in the checkpoint, got float32 [64, 5].',
    );
  });
});

test("a state that no run comes to is refused", async () => {
  const network = smallNetwork({ batchNorm: true });
  let last: TrainingState | undefined;
  const save = (state: TrainingState) => void (last = state);
  const given = { epochs: 2, checkpoints: { everyMs: 1e9, save } };
  await train(network, runtime, options(given));
  const state = last!;
  const best = state.best!;
  const [name] = Object.keys(best.tensors);
  const { [name!]: _, ...less } = best.tensors;
  const refused: readonly (readonly [Partial<TrainingState>, string])[] = [
    [{ batch: 1000 }, '"batch" must be at most'],
    [{ best: undefined }, "the best epoch must be among the 2 done, got none"],
    [{ best: { ...best, epoch: 3 } }, "the best epoch must be among the 2 done, got 3"],
    [{ best: { ...best, epoch: 0 } }, "the best epoch must be among the 2 done, got 0"],
    [{ history: state.history.toReversed() }, "epoch 1 must be told as such, got 2"],
    [{ best: { ...best, tensors: less } }, "of the best epoch must be float32"],
    [
      { best: { ...best, tensors: { ...best.tensors, constructor: best.tensors[name!]! } } },
      '"constructor" of the best epoch must be nothing',
    ],
    [
      { tensors: { ...state.tensors, constructor: best.tensors[name!]! } },
      '"constructor" must be float32',
    ],
  ];
  for (const [changes, message] of refused) {
    const resume = { ...state, ...changes };
    await expect(train(network, runtime, options({ ...given, resume })), message).rejects.toThrow(
      message,
    );
  }
  await expect(train(network, runtime, options({ resume: state, epochs: 1 }))).rejects.toThrow(
    '"epochs" must be at least the 2 of the checkpoint, got 1',
  );
});

test("a checkpoint in which a bit turned is refused", async () => {
  let last: Uint8Array | undefined;
  const save = (state: TrainingState) => void (last = encodeCheckpoint(state));
  await train(smallNetwork(), runtime, options({ epochs: 1, checkpoints: { everyMs: 1e9, save } }));
  last![last!.length - 3]! ^= 1;
  expect(() => decodeCheckpoint(last!)).toThrow("must be as it was written, got a wrong checksum");
});

test("bytes that are no checkpoint are refused", () => {
  const other = encodeSafetensors({}, { format: "pt" });
  expect(() => decodeCheckpoint(other)).toThrow(
    'checkpoint: the file must say format "limpid-training-1", got "pt". choose a checkpoint of limpid train.',
  );
  const kind = { seed: 0, batchSize: 8, batchesPerEpoch: 3, optimizer: "adam", loss: "softmax" };
  const sums = { loss: 0, correct: 0, examples: 0, seconds: 0, stepSeconds: 0 };
  const state = { kind, batch: 1, sums, history: [], best: null };
  const decoded = (text: string) =>
    decodeCheckpoint(encodeSafetensors({}, { format: "limpid-training-1", state: text }));
  expect(decoded(JSON.stringify(state))).toMatchObject({ kind, batch: 1, best: undefined });
  for (const text of [
    '{"batch":',
    JSON.stringify({ ...state, batch: "1" }),
    JSON.stringify({ ...state, history: [{ epoch: 1 }] }),
    JSON.stringify({ ...state, best: undefined }),
  ]) {
    expect(() => decoded(text)).toThrow("checkpoint: the file must hold a training state");
  }
});
