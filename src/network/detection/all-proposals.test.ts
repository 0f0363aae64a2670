/** @file Files that suppress boxes themselves: read before they do, they give the boxes of their own list. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createReferenceRuntime } from "../../../test/reference/reference-runtime.ts";
import { kept, suppressingNetworks } from "../../../test/suppressing-networks.ts";
import { readyModel } from "../../app/open.ts";
import type { Graph } from "../../graph/graph.ts";
import { tensorOf, toNumbers, type Tensor } from "../../graph/tensor.ts";
import { randomStream } from "../../random.ts";
import { createNodeRuntime } from "../../runtime/onnxruntime-node.ts";
import { explainedOn } from "../../scores/picture-target.ts";
import { scoreRows } from "../../attribution/perturbation/scored-rows.ts";
import { Model } from "../model.ts";
import { detectionsOf } from "./detections.ts";

const runtime = createReferenceRuntime();
/** What runs the file as it is. */
const file = createNodeRuntime({ threads: 1 });

const sizes = fc.constantFrom(
  { heightPx: 32, widthPx: 32 },
  { heightPx: 24, widthPx: 48 },
  { heightPx: 40, widthPx: 16 },
);

const drawn = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  size: sizes,
  classes: fc.integer({ min: 1, max: 4 }),
});

interface Case {
  readonly seed: number;
  readonly size: { readonly heightPx: number; readonly widthPx: number };
  readonly classes: number;
}

const specOf = ({ seed, size, classes }: Case) => ({ seed, classes, ...size });

function pictureOf({ seed, size }: Case): Tensor {
  const random = randomStream("picture", seed);
  const dims = [1, 3, size.heightPx, size.widthPx];
  const numbers = Array.from({ length: 3 * size.heightPx * size.widthPx }, () => random.normal());
  return tensorOf("float32", dims, numbers);
}

/** [left, top, right, bottom, score, class] of each box that the file itself lists. */
async function ownList(graph: Graph, { dims, data }: Tensor): Promise<readonly number[][]> {
  const [input] = graph.inputs;
  const own = tensorOf(
    "float32",
    dims.slice(4 - input!.dims!.length),
    Array.from(data as Float32Array),
  );
  const results = await file.run(graph, { [input!.name]: own });
  const rows = (name: string, width: number) => {
    const all = toNumbers(results[name]!);
    return Array.from({ length: all.length / width }, (_, i) =>
      all.slice(i * width, (i + 1) * width),
    );
  };
  if (results["output"])
    return rows("output", 7).map((row) => [...row.slice(1, 5), row[6]!, row[5]!]);
  if (results["output0"]) return rows("output0", 6).filter((row) => row[4]! > 0);
  const [scores, labels] = [rows("scores", 1), rows("labels", 1)];
  return rows("boxes", 4).map((box, i) => [...box, scores[i]![0]!, labels[i]![0]!]);
}

describe.each(Object.entries(suppressingNetworks))("%s", (name, make) => {
  test("gives the boxes that the file itself lists", async () => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(drawn, async (one) => {
        const graph = make(specOf(one));
        const picture = pictureOf(one);
        const model = await readyModel(graph, runtime, {});
        expect(model.head.kind).toBe("boxes");
        const own = await ownList(graph, picture);
        const [found] = await detectionsOf(model, picture, kept);
        const byScore = own.toSorted((a, b) => b[4]! - a[4]!);
        expect(found).toHaveLength(byScore.length);
        for (const [i, box] of found!.entries()) {
          const listed = [box.left, box.top, box.right, box.bottom, box.score, box.class];
          for (const [k, number] of listed.entries())
            expect(number).toBeCloseTo(byScore[i]![k]!, 3);
        }
        seen += own.length;
      }),
      { numRuns: 15 },
    );
    expect(seen).toBeGreaterThan(20);
  });

  test("explains a box by its logit", async () => {
    const one = { seed: 5, size: { heightPx: 32, widthPx: 32 }, classes: 3 };
    const picture = pictureOf(one);
    const model = await readyModel(make(specOf(one)), runtime, {});
    const target = { kind: "box", box: 0, confidence: 0.1 } as const;
    const explained = await explainedOn(model, target, picture);
    const [row] = await scoreRows(explained.model, picture, { targets: [0] });
    const { score } = row!;
    const best = explained.marks!.boxes![0]!.score;
    const isProduct = name.startsWith("YOLOv7");
    expect(explained.model.scoreName).toContain(isProduct ? "sum of logits" : "logit");
    if (name.includes("RetinaNet") || name.startsWith("Ultralytics"))
      expect(score).toBeCloseTo(Math.log(best / (1 - best)), 3);
  });
});

test("an output that is named, or said to be something else, is read as the file has it", () => {
  const graph = suppressingNetworks["torchvision's SSD"]!({
    seed: 1,
    heightPx: 32,
    widthPx: 32,
    classes: 2,
  });
  expect(new Model(graph, runtime, { output: "boxes" }).head.output).toBe("boxes");
  expect(new Model(graph, runtime, { kind: "values" }).head.detector).toBeUndefined();
});

test("of two stages the second is named", () => {
  const graph = suppressingNetworks["torchvision's RetinaNet"]!({
    seed: 1,
    heightPx: 32,
    widthPx: 32,
    classes: 2,
  });
  const second = {
    ...graph.nodes.find(({ outputs }) => outputs[0] === "scores")!,
    name: "heads",
    operator: "RoiAlign",
  };
  const nodes = graph.nodes.map((node) => (node.outputs[0] === "scores" ? second : node));
  const model = new Model({ ...graph, nodes }, runtime);
  expect(model.head.detector).toBeUndefined();
  expect(JSON.stringify(model.notes)).toContain('RoiAlign (\\"heads\\") looks again');
});
