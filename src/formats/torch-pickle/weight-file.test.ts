/** @file Files of torch.save in both layouts: what is in them, and what is refused. */
import { describe, expect, test } from "vitest";
import { SavedObject, savedOld, savedZip, type Saved } from "../../../test/torch/pickle-writer.ts";
import { bytesOf, storedZip } from "../../../test/torch/archive.ts";
import { tensor, tensorOf, toNumbers } from "../../graph/tensor.ts";
import { memorySource } from "../source.ts";
import { readTorchWeights } from "./weight-file.ts";

const six = tensorOf("float32", [2, 3], [1, 2, 3, 4, 5, 6]);
const whole = tensorOf("int64", [], [7]);
const one: Saved = { tensor: tensorOf("float32", [], [76.5]) };
/** What an optimizer keeps for its first weight. */
const momenta: Saved = { numbered: [{ dictionary: { exp_avg: { tensor: six } } }] };
/** As generators of random numbers are saved. */
const states = tensorOf("uint8", [4], [1, 2, 3, 4]);

/** With a dictionary of weights in the place of each 0. */
function filled({ dictionary }: { readonly dictionary: Readonly<Record<string, Saved>> }): Saved {
  const entries = Object.entries(dictionary).map(([key, value]) => {
    if (value === 0) return [key, { dictionary: { w: { tensor: six }, b: { tensor: six } } }];
    const isInside = typeof value === "object" && value !== null && "dictionary" in value;
    return [key, isInside ? filled(value) : value];
  });
  return { dictionary: Object.fromEntries(entries) as Record<string, Saved> };
}

const layouts = [
  ["zip", savedZip],
  ["of before 1.6", savedOld],
] as const;

async function read(bytes: Uint8Array) {
  return (await readTorchWeights(memorySource("w.pth", bytes))).tensors;
}

/** Which weights are taken, and which are not. */
async function choiceOf(bytes: Uint8Array) {
  const { taken, passedOver } = await readTorchWeights(memorySource("w.pth", bytes));
  return { taken, passedOver };
}

describe.each(layouts)("a file %s", (_, write) => {
  test("gives its tensors by name, in order", async () => {
    const dictionary = {
      "conv.weight": { tensor: six, isParameter: true },
      "bn.num_batches_tracked": { tensor: whole },
      __proto__x: { tensor: tensorOf("float64", [2], [0.5, -0.5]) },
    };
    const found = await read(write({ dictionary, isOrdered: true }));
    expect([...found.keys()]).toEqual(Object.keys(dictionary));
    expect(found.get("conv.weight")).toEqual(six);
    expect(found.get("bn.num_batches_tracked")).toEqual(whole);
    expect(toNumbers(found.get("__proto__x")!)).toEqual([0.5, -0.5]);
  });

  test("with half precision keeps the bits", async () => {
    const half = tensor("float16", [2], Uint16Array.of(0x3c00, 0xc000));
    const brain = tensor("bfloat16", [2], Uint16Array.of(0x3f80, 0xc000));
    const found = await read(
      write({ dictionary: { half: { tensor: half }, brain: { tensor: brain } } }),
    );
    expect([...found.values()].map(toNumbers)).toEqual([
      [1, -2],
      [1, -2],
    ]);
  });

  test("with views of one storage reads each by its strides", async () => {
    const view = (offset: number, dims: number[], strides: number[]): Saved => ({
      tensor: six,
      storage: "s",
      view: { offset, dims, strides },
    });
    const found = await read(
      write({
        dictionary: {
          turned: view(0, [3, 2], [1, 3]),
          column: view(1, [2], [3]),
          tied: view(0, [2, 3], [3, 1]),
          again: view(0, [2, 3], [3, 1]),
          repeated: view(5, [2, 2], [0, 0]),
        },
      }),
    );
    expect(toNumbers(found.get("turned")!)).toEqual([1, 4, 2, 5, 3, 6]);
    expect(toNumbers(found.get("column")!)).toEqual([2, 5]);
    expect(found.get("again")).toBe(found.get("tied"));
    expect(toNumbers(found.get("repeated")!)).toEqual([6, 6, 6, 6]);
  });

  test.each([
    [{ epoch: 3, state_dict: 0, optimizer: null }, ["state_dict"]],
    [{ args: [1, "a"], model: 0 }, ["model"]],
    [{ best: 0, loss: 0.25 }, ["best"]],
    // torch's own example of ImageNet keeps the best accuracy as a tensor.
    [{ state_dict: 0, best_acc1: one, optimizer: 0 }, ["state_dict"]],
    [{ loss: one, mine: 0, optimizer: { dictionary: { state: momenta } } }, ["mine"]],
  ])("of a checkpoint is looked through: %j", async (around, [key]) => {
    const inside = { dictionary: { w: { tensor: six } } };
    const found = await read(write({ dictionary: { ...around, [key!]: inside } }));
    expect([...found.keys()]).toEqual(["w"]);
  });

  test.each([
    [{ state_dict: 0, state_dict_ema: 0, epoch: 3 }, "state_dict", ["state_dict_ema"]],
    [{ state_dict_ema: 0, model: 0 }, "state_dict_ema", ["model"]],
    [{ model: 0, ema: 0, optimizer: { numbered: [] } }, "model", ["ema"]],
    [{ net: 0, teacher: { dictionary: { net: 0 } } }, "net", ["teacher"]],
    [{ run: { dictionary: { weights: 0, params: 0 } } }, "run.weights", ["run.params"]],
    [{ fc: { tensor: six }, bn: { tensor: six }, swa: 0 }, "", ["swa"]],
    [{ model: 0, fc: { tensor: six }, rng_state: { tensor: states } }, "model", ["fc"]],
    [{ model: 0, best_acc1: one, optimizer: { dictionary: { state: momenta } } }, "model", []],
    [{ mine: 0, rng_state: { tensor: states } }, "mine", []],
  ] as readonly (readonly [Record<string, Saved>, string, string[]])[])(
    "of several dictionaries tells what is taken: %j",
    async (entries, taken, passedOver) => {
      expect(await choiceOf(write(filled({ dictionary: entries })))).toEqual({ taken, passedOver });
    },
  );

  test("of a whole module has the names of its state dictionary", async () => {
    const module = (state: Record<string, Saved>) =>
      new SavedObject("net", "Net", { dictionary: { training: false, ...state } });
    const table = (dictionary: Record<string, Saved>): Saved => ({ dictionary });
    const inside = module({
      _parameters: table({ weight: { tensor: six, isParameter: true }, bias: null }),
      _buffers: table({ running_mean: { tensor: whole } }),
      _modules: table({}),
    });
    const root = module({
      _parameters: table({ scale: { tensor: six } }),
      _buffers: table({}),
      _modules: table({ conv1: inside, relu: module({}), none: null }),
    });
    const names = ["scale", "conv1.weight", "conv1.running_mean"];
    expect([...(await read(write(root))).keys()]).toEqual(names);
    const checkpoint = table({ epoch: 3, model: root });
    expect([...(await read(write(checkpoint))).keys()]).toEqual(names);
  });

  test.each([
    [
      "an object without weights",
      new SavedObject("net", "Net", null),
      "got an object of the class net.Net",
    ],
    [
      "a module in a checkpoint",
      { dictionary: { epoch: 1, model: new SavedObject("models.yolo", "Model", null) } },
      "got an object of the class models.yolo.Model",
    ],
    ["no tensors", { dictionary: { epoch: 1 } }, "got one of 1 other entries"],
    ["a single tensor", { tensor: six }, "got a single tensor"],
    ...(["neg", "conj"] as const).map((mark): [string, Saved, string] => [
      `a view marked "${mark}"`,
      { dictionary: { w: { tensor: six, mark } } },
      '"w" must be a plain tensor, got a negated or conjugated view',
    ]),
    [
      "several networks",
      {
        dictionary: {
          generator: { dictionary: { w: { tensor: six } } },
          critic: { dictionary: { w: { tensor: six } } },
        },
      },
      'those of one network, got "generator", "critic"',
    ],
    [
      "a view beyond its storage",
      { dictionary: { w: { tensor: six, view: { offset: 2, dims: [2, 3], strides: [3, 1] } } } },
      '"w" must lie in its 6 stored elements, got [2, 3]',
    ],
  ] as readonly (readonly [string, Saved, string])[])(
    "with %s is refused",
    async (_, saved, message) => {
      await expect(read(write(saved))).rejects.toThrow(message);
    },
  );

  test("that ends early is refused", async () => {
    const bytes = write({ dictionary: { w: { tensor: six } } });
    await expect(read(bytes.subarray(0, bytes.length - 30))).rejects.toThrow(/must/);
  });
});

test("a TorchScript archive is refused by its name", async () => {
  const bytes = storedZip({ "data.pkl": bytesOf("x"), "constants.pkl": bytesOf("x") });
  await expect(read(bytes)).rejects.toThrow("got a TorchScript program. save model.state_dict()");
});

test("nothing that a pickle names is run", async () => {
  // cos\nsystem\n(X\x02\0\0\0idtR. as a value of the dictionary
  const evil = new SavedObject("os", "system", "id");
  const found = await read(savedZip({ dictionary: { w: { tensor: six }, evil } }));
  expect([...found.keys()]).toEqual(["w"]);
});

test.each([
  ["an unknown step", [0x80, 2, 0xff], 'every step must be known, got "ÿ" at 2'],
  ["a step without a value", [0x80, 2, 0x2e], "a step must find a value, got none"],
  ["a list without a mark", [0x5d, 0x65], "a step must find its mark, got none"],
  ["a text that is too long", [0x58, 0xff, 0xff, 0xff, 0xff], "4294967295 bytes must follow at 5"],
  ["a value that is not remembered", [0x68, 3], "value 3 must have been remembered, got none"],
])("a pickle with %s is refused", async (_, codes, message) => {
  const bytes = storedZip({ "data.pkl": Uint8Array.from(codes), "data/0": bytesOf("") });
  await expect(read(bytes)).rejects.toThrow(message);
});

describe("a small file asks for little work:", () => {
  const codesOf = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));
  const text = (value: string) => [0x8c, value.length, ...codesOf(value)];
  const many = 20_000;
  /** A list of nothing, remembered as the value 0 and taken off. */
  const longList = [...codesOf("]q\0("), ...codesOf("N".repeat(many)), ...codesOf("e0")];
  /** An object of a class of somebody's own, remembered by a number, with a state. */
  const object = (index: number, state: readonly number[]) => [
    ...codesOf(`cnet\nNet\n)\x81q${String.fromCharCode(index)}`),
    ...state,
    ...codesOf("b"),
  ];
  const inEachOther = Array.from({ length: 12 }, (_, level) => {
    const names = Array.from({ length: 26 }, (_, i) => [
      ...text(String.fromCharCode(97 + i)),
      0x68,
      level,
    ]);
    const modules = [
      ...codesOf("}"),
      ...text("_modules"),
      ...codesOf("}("),
      ...names.flat(),
      ...codesOf("us"),
    ];
    return [...codesOf("0"), ...object(level + 1, modules)];
  });

  test.each([
    [
      "one list made a set again and again",
      [...longList, ...codesOf(`c__builtin__\nset\nq\x010](${"h\x01h\0\x85R".repeat(many)}e.`)],
      "a pickle must have at most 4000000 steps",
    ],
    [
      "modules that are in many others",
      [...object(0, codesOf("}")), ...inEachOther.flat(), 0x2e],
      "names of at most 67108864 letters in all",
    ],
  ])("%s", async (_, codes, message) => {
    const bytes = storedZip({ "data.pkl": Uint8Array.from([0x80, 2, ...codes]) });
    await expect(read(bytes)).rejects.toThrow(message);
  });
});
