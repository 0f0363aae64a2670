/** @file Networks of several labels: which is explained where none is named, and which are listed. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createReferenceRuntime } from "../../../test/reference/reference-runtime.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import { tensor } from "../../graph/tensor.ts";
import { Model } from "../../network/model.ts";
import { commandWords } from "../../wording/face.ts";
import { jobPlatform } from "../job-platform.ts";
import { memoryPlatform } from "../memory-platform.ts";
import { tensorSource } from "../tensor-source.ts";
import { runAttribution } from "./explain.ts";
import { figureOf } from "./figure.ts";
import { findingsOf } from "./findings.ts";
import { methodRuns } from "./method-runs.ts";
import { summaryOf } from "./record.ts";

const runtime = createReferenceRuntime();

/** Logits that are the pixels of a picture of one row, and a sigmoid each, in one of the ways that files write it. */
function network(labels: number, end: "one" | "percent"): Model {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, 1, labels], "float32", ["N", 1, 1, labels]);
  const eye = Array.from({ length: labels ** 2 }, (_, i) => (i % (labels + 1) === 0 ? 1 : 0));
  const row = b.op("MatMul", [b.op("Flatten", [x]), b.constant(eye, [labels, labels])]);
  const sigmoid = b.op("Sigmoid", [row]);
  b.output(
    end === "one"
      ? b.op("Identity", [sigmoid], {}, "y")
      : b.op("Mul", [sigmoid, b.scalar(100)], {}, "y"),
  );
  return new Model(b.build(), runtime, { kind: "labels" });
}

const platform = jobPlatform(memoryPlatform({ files: {}, runtimes: { cpu: runtime } }));

test("the most probable label is explained, each other may be named, and those above 0.5 are listed", async () => {
  const logit = fc
    .double({ min: -6, max: 6, noNaN: true })
    .filter((value) => Math.abs(value) > 1e-3);
  const rows = fc.uniqueArray(logit, { minLength: 2, maxLength: 12, selector: Math.fround });
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom("one", "percent"), async (logits, end) => {
      const model = network(logits.length, end);
      const picture = tensor("float32", [1, 1, 1, logits.length], Float32Array.from(logits));
      const source = await tensorSource(platform, model, picture, {
        name: "t",
        order: "of the file",
        preprocessing: "none",
      });
      const settings = { methods: ["gradient"], target: "top,1", check: "off" } as const;
      const runs = methodRuns(settings.methods, []);
      const found = await runAttribution(model, source, runs, settings, {
        platform,
        signal: { aborted: false },
      });
      const [top, named] = findingsOf(found, "t").map((each) =>
        summaryOf(each, undefined, commandWords),
      );
      const best = logits.indexOf(Math.max(...logits));
      expect(top).toMatchObject({ kind: "labels", target: best });
      expect(named).toMatchObject({ kind: "labels", target: 1 });
      expect(named!.probability).toBeCloseTo(1 / (1 + Math.exp(-logits[1]!)), 5);
      const present = [...logits.keys()]
        .filter((i) => logits[i]! > 0)
        .sort((a, b) => logits[b]! - logits[a]!);
      expect(top!.present!.map(({ target }) => target)).toEqual(present);
      const figure = figureOf(found, {
        title: "t",
        modelName: "m",
        inputName: "x",
        words: commandWords,
      });
      expect(figure.sections[0]!.note).toContain(
        present.length === 0 ? "no label above 0.5" : `above 0.5: class ${present[0]!} `,
      );
    }),
    { numRuns: 150 },
  );
});
