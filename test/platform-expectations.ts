/** @file What every adapter of the seam must do: one table, for Node, memory and browsers. */
import type { Platform, RuntimeName } from "../src/app/platform.ts";
import { LimpidError } from "../src/errors.ts";
import { openGraph } from "../src/formats/index.ts";
import { encodeOnnx } from "../src/formats/onnx/encode.ts";
import { GraphBuilder } from "../src/graph/builder.ts";
import { tensorOf } from "../src/graph/tensor.ts";
import { version } from "../src/version.ts";

const weight = tensorOf("float32", [4], [1, 2, 3, 4]);

function smallModel() {
  const b = new GraphBuilder();
  b.output(b.op("Mul", [b.input("x", [4]), b.initializer("w", weight)], {}, "y"));
  return b.build();
}

const parts = encodeOnnx(smallModel(), { externalThresholdBytes: 1 });

/** Lies at these paths below the root before anything begins. */
export const exampleFiles: Readonly<Record<string, Uint8Array | string>> = {
  "long-notes.txt": "Zwölf Boxkämpfer\n",
  "bytes.bin": Uint8Array.of(10, 11, 12, 13, 14),
  "folder/a.txt": "a",
  "folder/b.txt": "b",
  "folder/inner/c.txt": "c",
  "parts/m.onnx": parts.bytes,
  [`parts/${parts.external[0]!.path}`]: parts.external[0]!.data,
};

const pixels = Uint8Array.of(
  255,
  0,
  0,
  0,
  255,
  0,
  0,
  0,
  255,
  1,
  2,
  3,
  128,
  128,
  128,
  250,
  251,
  252,
);
const picture = { widthPx: 3, heightPx: 2, channels: 3, data: pixels } as const;

/** Where an adapter is tried, and what it calls things. */
export interface Tried {
  readonly platform: Platform;
  /** The path of one of the example files, or of another below the same root. */
  at(path: string): string;
  readonly runtime: RuntimeName;
}

/** The code and the message of what is thrown, the root taken out. */
async function refusal({ at }: Tried, work: Promise<unknown>): Promise<readonly string[]> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof LimpidError)) throw error;
    return [error.code, error.message.replaceAll(at(""), "")];
  }
  return ["nothing was refused"];
}

async function codeOf(tried: Tried, work: Promise<unknown>): Promise<string | undefined> {
  return (await refusal(tried, work))[0];
}

export interface Expectation {
  readonly name: string;
  /** Plain data. */
  run(tried: Tried): Promise<unknown>;
  readonly expected: unknown;
}

const reading: readonly Expectation[] = [
  {
    name: "readBytes gives bytes of their own",
    run: async ({ platform, at }) => {
      const bytes = await platform.readBytes(at("bytes.bin"));
      const isWhole = bytes.byteLength === bytes.buffer.byteLength;
      bytes.fill(0);
      return [isWhole, [...(await platform.readBytes(at("bytes.bin")))]];
    },
    expected: [true, [10, 11, 12, 13, 14]],
  },
  {
    name: "readText reads UTF-8",
    run: ({ platform, at }) => platform.readText(at("long-notes.txt")),
    expected: "Zwölf Boxkämpfer\n",
  },
  {
    name: "a missing file is refused with the closest name",
    run: (tried) => refusal(tried, tried.platform.readText(tried.at("long-nots.txt"))),
    expected: [
      "bad-file",
      'read: "long-nots.txt" must exist, got no such file. closest: "long-notes.txt".',
    ],
  },
  {
    name: "a missing folder is refused",
    run: (tried) => refusal(tried, tried.platform.readText(tried.at("nowhere/x.txt"))),
    expected: ["bad-file", 'read: "nowhere/x.txt" must exist, got no folder "nowhere".'],
  },
  {
    name: "a folder is no file",
    run: (tried) => refusal(tried, tried.platform.readBytes(tried.at("folder"))),
    expected: ["bad-file", 'read: "folder" must be a file, got a folder.'],
  },
  {
    name: "source reads in part, and less where the file ends",
    run: async ({ platform, at }) => {
      const source = await platform.source(at("bytes.bin"));
      const read = [await source.read(1, 2), await source.read(3, 9), await source.read(5, 1)];
      return [source.name === at("bytes.bin"), source.size, ...read.map((bytes) => [...bytes])];
    },
    expected: [true, 5, [11, 12], [13, 14], []],
  },
  {
    name: "source finds files beside it, but none outside",
    run: async (tried) => {
      const source = await tried.platform.source(tried.at("folder/a.txt"));
      const inner = await source.beside("inner/c.txt");
      return [
        inner && new TextDecoder().decode(await inner.read(0, inner.size)),
        await source.beside("none"),
        await codeOf(tried, source.beside("../long-notes.txt")),
        await codeOf(tried, source.beside("/etc/hostname")),
      ];
    },
    expected: ["c", undefined, "bad-file", "bad-file"],
  },
  {
    name: "a model of two files is opened",
    run: async ({ platform, at }) => {
      const graph = await openGraph(await platform.source(at("parts/m.onnx")));
      return Array.from(graph.initializers.get("w")!.data as Float32Array);
    },
    expected: [1, 2, 3, 4],
  },
];

const writing: readonly Expectation[] = [
  {
    name: "writeWhole makes folders, and takes the place of what was there",
    run: async ({ platform, at }) => {
      await platform.writeWhole(at("new/deep/x.txt"), "one, which is longer");
      await platform.writeWhole(at("new/deep/x.txt"), Uint8Array.of(116, 119, 111));
      return [await platform.readText(at("new/deep/x.txt")), await platform.list(at("new/deep"))];
    },
    expected: ["two", ["x.txt"]],
  },
  {
    name: "what cannot be written is refused before and then",
    run: async (tried) => {
      const { platform, at } = tried;
      return [
        await refusal(tried, platform.requireWritable(at("folder"))),
        await refusal(tried, platform.writeWhole(at("folder"), "")),
        await refusal(tried, platform.requireWritable(at("long-notes.txt/x"))),
        await refusal(tried, platform.writeWhole(at("long-notes.txt/x"), "")),
      ];
    },
    expected: [
      ["bad-file", 'write: "folder" must be writable, got a folder. choose another place.'],
      ["bad-file", 'write: "folder" must be writable, got a folder. choose another place.'],
      [
        "bad-file",
        'write: "long-notes.txt/x" must be writable, got a file in the place of a folder. choose another place.',
      ],
      [
        "bad-file",
        'write: "long-notes.txt/x" must be writable, got a file in the place of a folder. choose another place.',
      ],
    ],
  },
  {
    name: "requireWritable leaves nothing",
    run: async ({ platform, at }) => {
      await platform.requireWritable(at("nowhere/x.txt"));
      return [await platform.find(at("nowhere"))];
    },
    expected: [undefined],
  },
  {
    name: "remove takes a file away, and does nothing where there is none",
    run: async (tried) => {
      const { platform, at } = tried;
      await platform.writeWhole(at("gone.txt"), "x");
      await platform.remove(at("gone.txt"));
      await platform.remove(at("gone.txt"));
      const folder = await refusal(tried, platform.remove(at("folder")));
      return [await platform.find(at("gone.txt")), ...folder];
    },
    expected: [
      undefined,
      "bad-file",
      'write: "folder" must be writable, got a folder. choose another place.',
    ],
  },
];

const holding: readonly Expectation[] = [
  {
    name: "a folder is held by one at a time, and left as it was",
    run: async (tried) => {
      const { platform, at } = tried;
      const held = await platform.holdFolder(at("nobodys/results"));
      const second = await codeOf(tried, platform.holdFolder(at("nobodys/./results")));
      await held.requireInside(at("nobodys/results/new/a.txt"));
      await held.release();
      await (await platform.holdFolder(at("nobodys/results"))).release();
      return [second, await platform.find(at("nobodys"))];
    },
    expected: ["bad-file", undefined],
  },
  {
    name: "a file cannot be held as a folder",
    run: (tried) => refusal(tried, tried.platform.holdFolder(tried.at("folder/a.txt"))),
    expected: [
      "bad-file",
      'write: "folder/a.txt" must be writable, got a file in the place of a folder. choose another place.',
    ],
  },
];

const looking: readonly Expectation[] = [
  {
    name: "find tells files, folders and nothing",
    run: async ({ platform, at }) => {
      const kindOf = async (path: string) => (await platform.find(at(path)))?.kind;
      const file = await platform.find(at("bytes.bin"));
      const kinds = [await kindOf("folder"), await kindOf("."), await kindOf("folder/d")];
      return [file?.kind, file?.size, typeof file?.modifiedMs, ...kinds];
    },
    expected: ["file", 5, "number", "folder", "folder", undefined],
  },
  {
    name: "a file is known by each of its paths, and no folder is",
    run: async ({ platform, at }) => {
      const identityOf = async (path: string) => (await platform.find(at(path)))?.identity;
      const [first, ...others] = await Promise.all(
        ["folder/a.txt", "folder/inner/../a.txt", "./folder//a.txt", "folder/b.txt"].map(
          identityOf,
        ),
      );
      const isSame = others.map((other) => other === first);
      return [typeof first, ...isSame, await identityOf("folder"), await identityOf("none")];
    },
    expected: ["string", true, true, false, undefined, undefined],
  },
  {
    name: "list gives names, with folders in it paths",
    run: async ({ platform, at }) => [
      (await platform.list(at("folder"))).toSorted(),
      (await platform.list(at("folder"), true)).toSorted(),
    ],
    expected: [
      ["a.txt", "b.txt", "inner"],
      ["a.txt", "b.txt", "inner", "inner/c.txt"],
    ],
  },
  {
    name: "list of what is no folder is refused",
    run: async (tried) => [
      await codeOf(tried, tried.platform.list(tried.at("long-notes.txt"))),
      await codeOf(tried, tried.platform.list(tried.at("nothing"))),
    ],
    expected: ["bad-file", "bad-file"],
  },
  {
    name: "locate leaves a file where it is",
    run: async ({ platform, at }) => {
      const request = { offline: true, signal: { aborted: false }, onDownload: () => {} };
      const { path, from } = await platform.locate(at("parts/m.onnx"), request);
      return [path === at("parts/m.onnx"), from];
    },
    expected: [true, "disk"],
  },
  {
    name: "shipped knows nothing of what does not ship",
    run: ({ platform }) => platform.shipped("networks/none.onnx"),
    expected: undefined,
  },
];

const drawing: readonly Expectation[] = [
  {
    name: "a picture comes back from a file, to the bit",
    run: async ({ platform, at }) => {
      const file = await platform.encodePicture([picture], { kind: "png" });
      await platform.writeWhole(at("picture.png"), file);
      const { widthPx, heightPx, channels, data } = await platform.readPicture(at("picture.png"));
      return [widthPx, heightPx, channels, [...data]];
    },
    expected: [3, 2, 3, [...pixels]],
  },
  {
    name: "transparency is laid on white",
    run: async ({ platform, at }) => {
      const data = Uint8Array.of(200, 0, 0, 0, 0, 0, 255, 255);
      const clear = { widthPx: 2, heightPx: 1, channels: 4, data } as const;
      await platform.writeWhole(
        at("clear.png"),
        await platform.encodePicture([clear], { kind: "png" }),
      );
      return [...(await platform.readPicture(at("clear.png"))).data];
    },
    expected: [255, 255, 255, 0, 0, 255],
  },
  {
    name: "what is no picture is refused",
    run: (tried) => codeOf(tried, tried.platform.readPicture(tried.at("long-notes.txt"))),
    expected: "bad-file",
  },
  {
    name: "letters have a width",
    run: async ({ platform }) => (await platform.typefaces()).bold.width("Limpid", 20) > 20,
    expected: true,
  },
  {
    name: "charts have a document",
    run: async ({ platform }) => {
      const document = await platform.chartDocument();
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("width", "3");
      return svg.outerHTML.includes('width="3"');
    },
    expected: true,
  },
];

const machinery: readonly Expectation[] = [
  {
    name: "versions name the program",
    run: async ({ platform }) => [
      platform.versions()["limpid"],
      typeof platform.versions()["machine"],
    ],
    expected: [version, "string"],
  },
  {
    name: "the machine has processors and a clock that goes forward",
    run: async ({ platform }) => {
      const first = platform.nowMs();
      return [platform.machine().cores > 0, platform.processors > 0, platform.nowMs() >= first];
    },
    expected: [true, true, true],
  },
  {
    name: "a runtime runs a graph",
    run: async ({ platform, runtime: name }) => {
      const runtime = await platform.openRuntime(name);
      const { y } = await runtime.run(smallModel(), { x: tensorOf("float32", [4], [1, 1, 2, 2]) });
      return Array.from(y!.data as Float32Array);
    },
    expected: [1, 2, 6, 8],
  },
  {
    name: "a runtime that the machine lacks is refused",
    run: (tried) => codeOf(tried, tried.platform.openRuntime("dml")),
    expected: "bad-option",
  },
];

export const expectations: readonly Expectation[] = [
  ...reading,
  ...writing,
  ...holding,
  ...looking,
  ...drawing,
  ...machinery,
];
