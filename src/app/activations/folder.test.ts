import { expect, test } from "vitest";
import { createReferenceRuntime } from "../../../test/reference/reference-runtime.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import type { Graph } from "../../graph/graph.ts";
import { Model } from "../../network/model.ts";
import { planFolder } from "./folder.ts";

/** Two branches that see different parts, joined; its layer "map" is [N, H, W, C] if channels are last. */
function network(order: "first" | "last"): Graph {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 2, 9, 11]);
  const filters = (kernel: number) =>
    b.constant(Array<number>(4 * kernel * kernel).fill(1), [2, 2, kernel, kernel]);
  const near = b.op("Conv", [x, filters(1)], { strides: [2, 1] });
  const far = b.op("Conv", [x, filters(3)], { strides: [2, 1], pads: [1, 1, 1, 1] });
  const joined = b.concat([near, far], 1);
  const turned = order === "last" ? b.transpose(joined, [0, 2, 3, 1]) : joined;
  const map = b.op("Abs", [turned], {}, "map");
  b.output(b.reduceMean(map, order === "last" ? [1, 2] : [2, 3], false));
  return { ...b.build(), shapes: new Map() };
}

/** The receptive fields of all places of the layer "map", channel by channel. */
async function fieldsOf(order: "first" | "last") {
  const model = new Model(network(order), createReferenceRuntime());
  const folder = { paths: ["a.png"] };
  const plan = await planFolder(model, folder, { layers: ["map"] });
  const [, channels, rows, columns] = plan.layers[0]!.shape as [number, number, number, number];
  const fieldOf = plan.fieldsOf("map");
  return Array.from({ length: channels * rows * columns }, (_, i) => {
    const [place, channel] = [i % (rows * columns), Math.floor(i / (rows * columns))];
    return fieldOf({ channel, y: Math.floor(place / columns), x: place % columns });
  });
}

test("places of a map with channels last see what they see with channels first", async () => {
  const last = await fieldsOf("last");
  expect(last).toHaveLength(4 * 5 * 11);
  expect(last).toEqual(await fieldsOf("first"));
  expect(last[0]).toEqual({ left: 0, top: 0, widthPx: 1, heightPx: 1 });
  expect(last.at(-1)).toEqual({ left: 9, top: 7, widthPx: 2, heightPx: 2 });
});
