/** @file Maps of several layers fused into one, against their formulas in float64, and which layers those are. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { boxMap, type MethodName } from "../../../test/box-map.ts";
import {
  drawnDetector,
  drawnScene,
  explainedSquare,
  scaleNames,
} from "../../../test/drawn-detector.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import { tensorOf } from "../../graph/tensor.ts";
import { Model } from "../../network/model.ts";
import { randomStream } from "../../random.ts";
import { createNodeRuntime } from "../../runtime/onnxruntime-node.ts";
import { explainRows } from "../gradient/explained-rows.ts";
import { attributionMethod } from "../registry.ts";
import { runLayers } from "./run-layers.ts";

const runtime = createNodeRuntime({ threads: 1 });
afterAll(() => runtime.release());

let detector: Model;
beforeAll(() => {
  detector = drawnDetector(runtime);
});

/** Channels and sides of both scales. */
const channels = 3;
const [fine, coarse] = [8, 4];

/** A layer's activations and slopes of a score, [channels][places]. */
interface Layer {
  readonly values: readonly (readonly number[])[];
  readonly slopes: readonly (readonly number[])[];
}

/** The papers' forms before their ReLU. */
const forms: Partial<Record<MethodName, (layer: Layer) => number[]>> = {
  "layer-cam": ({ values, slopes }) =>
    values[0]!.map((_, p) =>
      values.reduce((sum, own, k) => sum + Math.max(slopes[k]![p]!, 0) * own[p]!, 0),
    ),
  // Every mean is over the places of the finest layer.
  "grad-cam": ({ values, slopes }) => {
    const weights = slopes.map((own) => own.reduce((sum, slope) => sum + slope, 0) / fine ** 2);
    return values[0]!.map((_, p) => values.reduce((sum, own, k) => sum + weights[k]! * own[p]!, 0));
  },
  "grad-cam-plus-plus": ({ values, slopes }) => {
    const weights = slopes.map((own, k) => {
      const total = values[k]!.reduce((sum, value) => sum + value, 0);
      return own.reduce((sum, g) => {
        const below = 2 * g ** 2 + total * g ** 3;
        return below === 0 ? sum : sum + (g ** 2 / below) * Math.max(g, 0);
      }, 0);
    });
    return values[0]!.map((_, p) => values.reduce((sum, own, k) => sum + weights[k]! * own[p]!, 0));
  },
  "hires-cam": ({ values, slopes }) =>
    values[0]!.map((_, p) => values.reduce((sum, own, k) => sum + slopes[k]![p]! * own[p]!, 0)),
};

/** A map of the coarse places between their middles at those of the fine ones. */
function spread(map: readonly number[]): number[] {
  const weight = (wanted: number, from: number) => {
    const at = Math.min(Math.max((wanted + 0.5) / 2 - 0.5, 0), coarse - 1);
    return Math.max(0, 1 - Math.abs(at - from));
  };
  return Array.from({ length: fine ** 2 }, (_, p) =>
    map.reduce((sum, value, q) => {
      const down = weight(Math.floor(p / fine), Math.floor(q / coarse));
      return sum + down * weight(p % fine, q % coarse) * value;
    }, 0),
  );
}

function planes(data: Float32Array): number[][] {
  const places = data.length / channels;
  return Array.from({ length: channels }, (_, k) =>
    Array.from(data.subarray(k * places, (k + 1) * places)),
  );
}

describe.each(Object.entries(forms))("%s of two scales", (name, form) => {
  test.each([false, true])("is what the paper's maps have at most, signed %s", async (signed) => {
    for (let seed = 0; seed < 5; seed++) {
      const scene = drawnScene(randomStream("fused", seed));
      const named = scene.squares[0]!.class;
      const { model } = await explainedSquare(detector, scene, named);
      const [row] = await explainRows(model, scene.picture, { targets: [0], values: scaleNames });
      const maps = [0, 1].map((i) =>
        form({ values: planes(row!.values[i]!), slopes: planes(row!.gradients[i]!) }),
      );
      const [a, b] = [maps[0]!, spread(maps[1]!)];
      const expected = a.map((value, p) => {
        if (!signed) return Math.max(value, b[p]!, 0);
        return Math.abs(b[p]!) > Math.abs(value) ? b[p]! : value;
      });
      const map = await boxMap(detector, name as MethodName, scene, named, { signed });
      expect(map.data).toBeWithinL2(expected, 1e-5);
    }
  });
});

describe("the layers of a run", () => {
  const asked = async (name: MethodName, layer: string | undefined, findsBoxes = true) => {
    const scene = drawnScene(randomStream("asked"));
    const small = scene.squares.find(({ side }) => side === 8)!;
    const { model } = await explainedSquare(detector, scene, small);
    const request = { opened: detector, model, targets: [0], input: scene.picture, findsBoxes };
    const run = { name, method: attributionMethod(name), layer };
    const { layers, note } = await runLayers(run, { ...request, signal: { aborted: false } });
    return { names: layers.map((each) => each.name), note };
  };

  test("are the scales of boxes by default, and of anything where they are asked for", async () => {
    const { names, note } = await asked("layer-cam", undefined);
    expect(names).toEqual(scaleNames);
    expect(note).toBe(
      "layers fine (8 x 8), coarse (4 x 4): the feature maps that feed the head, one a scale, fused into one map",
    );
    expect((await asked("layer-cam", "scales", false)).names).toEqual(scaleNames);
  });

  test("are the one that is named", async () => {
    expect(await asked("layer-cam", "coarse")).toEqual({ names: ["coarse"], note: undefined });
  });

  test("are, of a method that fuses none, the scale that counts most", async () => {
    const { names, note } = await asked("eigen-cam", undefined);
    expect(names).toEqual(["fine"]);
    expect(note).toMatch(/^layer fine: of the feature maps that feed the head the one that counts/);
    await expect(asked("eigen-cam", "scales")).rejects.toThrow(
      /^layer: "scales" must be asked of a method that fuses layers, got eigen-cam\. .* fine, coarse\.$/,
    );
  });

  test("scales of a network without feature maps are refused", async () => {
    const b = new GraphBuilder();
    const flat = b.op("Flatten", [b.input("x", [1, 1, 4, 4])]);
    b.output(b.op("MatMul", [flat, b.constant(Array<number>(32).fill(1), [16, 2])]));
    const model = new Model(b.build(), runtime);
    const run = { name: "layer-cam", method: attributionMethod("layer-cam"), layer: "scales" };
    const input = tensorOf("float32", [1, 1, 4, 4], Array<number>(16).fill(1));
    const request = { opened: model, model, targets: [0], input, findsBoxes: false };
    await expect(runLayers(run, { ...request, signal: { aborted: false } })).rejects.toThrow(
      /^layer: "scales" must be feature maps that feed the head of a detector, got none/,
    );
  });
});
