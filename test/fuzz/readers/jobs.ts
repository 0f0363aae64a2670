/** @file Whole jobs that go on with what a run left, or follow a file: recipes, checkpoints, records, layers, preparations. */
import { activations } from "../../../src/app/activations/activations.ts";
import { attribute } from "../../../src/app/attribute/attribute.ts";
import type { JobContext } from "../../../src/app/context.ts";
import { jobPlatform } from "../../../src/app/job-platform.ts";
import { maximize } from "../../../src/app/maximize/maximize.ts";
import { memoryPlatform, type MemoryPlatform } from "../../../src/app/memory-platform.ts";
import { trainNetwork } from "../../../src/app/train/train.ts";
import { LimpidError } from "../../../src/errors.ts";
import { encodeOnnx } from "../../../src/formats/onnx/encode.ts";
import { GraphBuilder } from "../../../src/graph/builder.ts";
import { picture } from "../../../src/image/picture.ts";
import { libraryWords } from "../../../src/wording/face.ts";
import { endOf, guardedRuntime } from "../guarded.ts";
import { mutateSafetensors } from "../mutations/headers.ts";
import { mutateJson } from "../mutations/json.ts";
import type { Mutation } from "../mutations/draw.ts";
import type { Reader } from "../reader.ts";

/** A job is asked to stop after this, and has to within the bounds of an input. */
const patienceMs = 2500;

function network(): Uint8Array {
  const b = new GraphBuilder();
  const weights = b.constant(
    Array.from({ length: 54 }, (_, i) => Math.sin(i)),
    [2, 3, 3, 3],
  );
  const features = b.op(
    "Relu",
    [b.op("Conv", [b.input("x", [1, 3, 8, 8]), weights])],
    {},
    "features",
  );
  b.output(b.op("Flatten", [b.op("GlobalAveragePool", [features])], {}, "logits"));
  return encodeOnnx(b.build()).bytes;
}

const photo = (seed: number) =>
  picture(
    8,
    8,
    3,
    Uint8Array.from({ length: 192 }, (_, i) => (i * (37 + seed)) % 256),
  );

const layers = [
  { type: "conv2d", filters: 2, kernel: 3, activation: "relu" },
  { type: "flatten" },
  { type: "dense", units: 2 },
];

const inputs = {
  "net.onnx": network(),
  ...Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`many/${i}.png`, photo(i)])),
  ...Object.fromEntries(
    ["x/a", "x/b", "y/a", "y/b"].map((name, i) => [`set/${name}.png`, photo(i)]),
  ),
  "arch.json": JSON.stringify(layers),
  "prepare.json": JSON.stringify({ size: 8, mean: [0.5], std: [0.5] }),
};

const common = { model: "net.onnx", preprocess: "prepare.json", runtime: "cpu" } as const;

const training = {
  data: "set",
  options: { arch: "arch.json", size: 16, epochs: 2, batch: 2 },
  runtime: "cpu",
  out: "out",
} as const;

/** A job, and the file that is changed before it runs again. */
interface FuzzedJob {
  readonly name: string;
  readonly file: string;
  readonly mutate: Mutation;
  run(context: JobContext): Promise<unknown>;
  /** Makes what the job goes on with; none where the file is one of the inputs. */
  before?(context: JobContext): Promise<unknown>;
}

const gradient = {
  inputs: ["many/1.png"],
  target: "top",
  methods: ["gradient"],
  options: {},
  writesNothing: true,
} as const;

const jobs: readonly FuzzedJob[] = [
  {
    name: "recipe-job",
    file: "out/recipe.json",
    mutate: mutateJson,
    before: (context) =>
      maximize(
        {
          ...common,
          layers: ["features"],
          channels: "0",
          preset: "natural",
          steps: 1,
          seed: 0,
          out: "out",
        },
        context,
      ),
    run: (context) =>
      maximize({ recipe: "out/recipe.json", runtime: "cpu", out: "again" }, context),
  },
  {
    name: "training-job",
    file: "out/checkpoint.safetensors",
    mutate: mutateSafetensors,
    before: (context) => trainNetwork(training, context),
    run: (context) => trainNetwork(training, context),
  },
  {
    name: "layers-job",
    file: "arch.json",
    mutate: mutateJson,
    run: (context) =>
      trainNetwork({ ...training, options: { ...training.options, epochs: 1 } }, context),
  },
  {
    name: "preparation-job",
    file: "prepare.json",
    mutate: mutateJson,
    run: (context) =>
      attribute({ ...common, ...gradient, methods: ["gradient"], inputs: ["many/1.png"] }, context),
  },
  {
    name: "folder-job",
    file: "out/.activations-state",
    mutate: mutateSafetensors,
    before: (context) =>
      stoppedSoon((signal) =>
        activations(
          { ...common, input: "many", layers: ["features"], out: "out" },
          { ...context, signal },
        ),
      ),
    run: (context) =>
      activations({ ...common, input: "many", layers: ["features"], out: "out" }, context),
  },
];

/** Stops some work after a few pictures, which leaves a record. */
async function stoppedSoon(
  work: (signal: JobContext["signal"]) => Promise<unknown>,
): Promise<void> {
  let looks = 0;
  const signal = {
    get aborted() {
      looks += 1;
      return looks > 12;
    },
  };
  await work(signal).catch((error: unknown) => {
    if (!(error instanceof LimpidError)) throw error;
  });
}

function contextOf(platform: MemoryPlatform, signal: JobContext["signal"]): JobContext {
  return { platform: jobPlatform(platform), signal, offline: true, words: libraryWords };
}

type Files = Readonly<Record<string, Uint8Array | string | ReturnType<typeof photo>>>;

const machine = (files: Files) => memoryPlatform({ files, runtimes: { cpu: guardedRuntime() } });

const made = new Map<string, Promise<Files>>();

/** The inputs, and what the job's first run leaves. */
function filesBefore({ name, before }: FuzzedJob): Promise<Files> {
  const make = async () => {
    const platform = machine(inputs);
    await before?.(contextOf(platform, { aborted: false }));
    return { ...inputs, ...Object.fromEntries(platform.written) };
  };
  const known = made.get(name) ?? make();
  made.set(name, known);
  return known;
}

export const jobReaders: readonly Reader[] = jobs.map((job) => ({
  name: job.name,
  share: 0.04,
  seeds: async () => {
    const file = (await filesBefore(job))[job.file]!;
    return [file instanceof Uint8Array ? file : new TextEncoder().encode(file as string)];
  },
  mutate: job.mutate,
  read: async (bytes, scene) => {
    const platform = machine({ ...(await filesBefore(job)), [job.file]: bytes });
    const untilMs = performance.now() + patienceMs;
    const signal = {
      get aborted() {
        return performance.now() > untilMs;
      },
    };
    try {
      await job.run(contextOf(platform, signal));
      return true;
    } catch (error) {
      const kind = endOf(error);
      if (kind) scene.note({ kind, what: job.name });
      throw error;
    }
  },
}));
