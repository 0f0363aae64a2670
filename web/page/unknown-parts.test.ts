/** @file Whatever an address says, what is shown names only what the network has, and all that was left out is told. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { LayerFacts, MethodFacts } from "../protocol.ts";
import { regionIn } from "../shown-region.ts";
import { firstView, settingsIn, viewOf } from "./address.ts";
import { takesRegion } from "./shown-choice.ts";
import { formlessIn, mapParts, withoutUnknown } from "./unknown-parts.ts";

const layer = (name: string, channels: number) =>
  ({ name, channels, height: 2, width: 2 }) as LayerFacts;
const method = (name: string, ...options: readonly string[]) =>
  ({
    name,
    options: Object.fromEntries(options.map((each) => [each, {}])),
  }) as unknown as MethodFacts;
const network = {
  layers: [layer("conv1", 8), layer("toString", 3), layer("", 1)],
  hasRegions: false,
  methods: [method("grad-cam"), method("rise", "samples", "seed"), method("__proto__")],
};

const nonsense = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "",
    "__proto__",
    "constructor",
    "-1",
    "1e9",
    "0x1",
    "NaN",
    "7.5",
    "٣",
    "\u202eabc",
    "conv1 ",
  ),
);
const hash = fc.record(
  {
    layer: fc.oneof(nonsense, fc.constantFrom("conv1", "toString")),
    channel: fc.oneof(nonsense, fc.nat(20).map(String), fc.bigInt().map(String)),
    method: fc.oneof(nonsense, fc.constantFrom("grad-cam", "rise", "__proto__")),
    settings: fc.oneof(nonsense, fc.constantFrom("samples=3", "seed=1&steps=4", "__proto__=1")),
    region: fc.oneof(nonsense, fc.constantFrom("box_0_0_1_1", "box_1_1_0_0", "painted_1x1_0.1")),
    target: fc.oneof(nonsense, fc.constantFrom("3", "conv1:0")),
    preprocess: nonsense,
    picture: nonsense,
    model: nonsense,
    other: nonsense,
  },
  { requiredKeys: [] },
);

test("every part of an address is shown as it says, or left out and told", () => {
  fc.assert(
    fc.property(hash, (said) => {
      const text = `#${new URLSearchParams(said).toString()}`;
      const view = viewOf(text);
      const { change, parts } = withoutUnknown(view, network);
      const shown = { ...view, ...change };
      const told = [...formlessIn(text), ...parts];
      const of = (part: string) =>
        told.filter((each) => each.part === part).map((each) => each.said);

      const own = network.layers.find(({ name }) => name === shown.layer);
      if (shown.layer !== undefined) expect(own).toBeDefined();
      if (own && shown.channel !== undefined) expect(shown.channel).toBeLessThan(own.channels);
      const way = network.methods.find(({ name }) => name === shown.method);
      if (shown.method !== undefined) expect(way).toBeDefined();
      for (const name of way ? Object.keys(settingsIn(shown.settings)) : [])
        expect(Object.hasOwn(way!.options, name)).toBe(true);
      expect(shown.region === undefined || regionIn(shown.region) !== undefined).toBe(true);

      for (const part of ["layer", "channel", "method", "region"] as const) {
        const isShown =
          said[part] === undefined ||
          String(shown[part]) === said[part] ||
          (part === "channel" && shown.channel === Number(said.channel));
        expect(of(part), part).toEqual(isShown ? [] : [said[part]]);
      }
      expect(shown.region === undefined || takesRegion(shown.target, network)).toBe(true);
      const other = said.other === "" ? "other" : `other=${said.other}`;
      expect(of("entry")).toEqual(said.other === undefined ? [] : [other]);
      // Once it is left out, nothing is left that would be.
      expect(withoutUnknown(shown, network)).toEqual({ change: {}, parts: [] });
    }),
    { numRuns: 1000 },
  );
});

test("what an address says again, or under a name that is none, is told", () => {
  expect(formlessIn("#foo=bar&set-steps=-4&bare&__proto__=1&target=1&target=2")).toEqual([
    { part: "entry", said: "foo=bar" },
    { part: "entry", said: "set-steps=-4" },
    { part: "entry", said: "bare" },
    { part: "entry", said: "__proto__=1" },
    { part: "entry", said: "target=2" },
  ]);
});

test("where no map can be made, what of it is not as at first is left out with the reason", () => {
  expect(mapParts(firstView, "why")).toEqual([]);
  expect(mapParts({ ...firstView, target: "<b>", settings: "samples=0" }, "why")).toEqual([
    { part: "target", said: "<b>", reason: "why" },
    { part: "settings", said: "samples=0", reason: "why" },
  ]);
});
