/** @file The rooms of src and who may import whom: checked by `scripts/walls.ts`, and a table of docs/architecture.md. */

/** A folder of src, or a file that lies in src itself. */
export interface Room {
  readonly holds: string;
  /** Rooms, or single files of them. */
  readonly imports: readonly string[];
  /** Whether its files may import `node:`. */
  readonly node?: true;
}

/** What the library computes with, floor by floor: a room may import those of the floors below its own. */
const floors: readonly Readonly<Record<string, string>>[] = [
  {
    "bytes.ts": "views of bytes in the middle of a buffer",
    "errors.ts": "the error with a code, and advice that each face words",
    "once.ts": "values that are made once a key",
    "random.ts": "keyed random streams",
    "statistics.ts": "means, quantiles, intervals",
    "symmetric-systems.ts": "symmetric systems of equations",
    "version.ts": "the program's version",
  },
  { wording: "numbers, shares, durations, file names and options as text" },
  {
    graph: "graph, builder, operator traits, shape inference, normalisation, tracing, cutting",
    image: "pixels, resampling, preprocessing, colour maps, data sets of pictures",
  },
  {
    autodiff: "the walk, the rule table, the override tables",
    drawing: "marks, typefaces, sheets, charts",
    drawn: "data sets that are drawn: digits, pets and shapes",
    formats: "models and tensors as files, folders and archives have them",
    layers: "pieces that networks are built from, and their parameters",
    optimize: "optimisers of pictures and of weights",
  },
  { runtime: "the interface of whatever runs graphs, and its adapters" },
  { network: "a network made ready: input, head, layers, preprocessing, labels, batches" },
  {
    // Below training, which measures itself after every epoch.
    evaluate: "how good a network is: what predictions and labels say",
    scores: "what is explained or maximised: class, difference, unit, direction",
  },
  {
    activations: "what layers make of pictures: statistics, receptive fields, top patches",
    attribution: "one pure function a method, one table with their descriptions",
    optvis: "objectives, parameterisations, transforms, regularisers, the step graph, recipes",
    train: "architectures, losses, the loop, checkpoints",
  },
];

function coreRooms(): Readonly<Record<string, Room>> {
  const found: Record<string, Room> = {};
  for (const floor of floors) {
    const imports = Object.keys(found);
    for (const [name, holds] of Object.entries(floor)) found[name] = { holds, imports };
  }
  return found;
}

const core = coreRooms();
const coreNames = Object.keys(core);

export const rooms: Readonly<Record<string, Room>> = {
  ...core,
  report: {
    holds: "records, sections and pages of reports",
    imports: [...(core["drawing"]?.imports ?? []), "drawing"],
  },
  app: {
    holds: "one function a job: plan, run, record, figure; the seam to the machine",
    imports: [...coreNames, "report"],
  },
  study: {
    holds: "the parts of the study, their data, what they measure",
    imports: [...coreNames, "report", "app"],
  },
  atlas: {
    holds: "the atlas of all units: its jobs, what they come down to, its site",
    imports: [...coreNames, "report", "app"],
  },
  disk: {
    holds: "files and folders: written whole, held by one run, swept",
    imports: [...coreNames, "app/platform.ts"],
    node: true,
  },
  fetch: {
    holds: "the catalog, downloads, archives, the cache",
    imports: [...coreNames, "app/platform.ts", "disk"],
    node: true,
  },
  node: {
    holds: "the seam on Node: codecs, typefaces, runtimes",
    imports: [...coreNames, "app/platform.ts", "app/model-source.ts", "disk", "fetch"],
    node: true,
  },
  explore: {
    holds: "the explorer on this machine: its page, and the files in its hand",
    imports: [
      ...coreNames,
      "app/platform.ts",
      "app/context.ts",
      "app/open.ts",
      "app/picture-folder.ts",
      "fetch/catalog-networks.ts",
    ],
    node: true,
  },
  engines: {
    holds: "queues and stores that several machines share: Redis, Postgres, S3",
    imports: [
      ...coreNames,
      "atlas/jobs/claims.ts",
      "atlas/jobs/part-store.ts",
      "atlas/jobs/work-server.ts",
    ],
    node: true,
  },
  guard: {
    holds: "processes of their own: for a command, and for a runtime",
    imports: [...coreNames, "app/platform.ts", "node"],
    node: true,
  },
  web: {
    holds: "the seam in a browser: Files and Blobs, canvas",
    imports: [...coreNames, "app/platform.ts", "app/held-files.ts", "app/handed-file.ts"],
  },
  cli: {
    holds: "parse, show progress, print",
    imports: [
      ...coreNames,
      "report",
      "app",
      "study",
      "atlas",
      "fetch",
      "explore",
      "engines",
      "node",
      "guard",
      "index.ts",
    ],
    node: true,
  },
  "index.ts": { holds: "the library", imports: coreNames },
  "node.ts": {
    holds: "the library's part for Node",
    imports: [...coreNames, "app", "node", "guard"],
  },
  "web.ts": { holds: "the library's part for browsers", imports: [...coreNames, "app", "web"] },
};

/** Rooms of the core by floor, those on the ground first. */
export const coreFloors: readonly (readonly string[])[] = floors.map((floor) => Object.keys(floor));

export interface Exception {
  readonly from: string;
  /** A room, a file of one, or `node:`. */
  readonly to: string;
  readonly reason: string;
}

/** Imports that the rooms forbid and that are there; each must be needed. */
export const exceptions: readonly Exception[] = [
  {
    from: "errors.ts",
    to: "wording/face.ts",
    reason: "an error keeps its message in pieces, which stand on nothing",
  },
  {
    from: "errors.ts",
    to: "wording/shown-text.ts",
    reason: "messages hold names from outside, and are shown by whoever catches them",
  },
];
