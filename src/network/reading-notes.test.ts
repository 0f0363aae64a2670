/** @file What readers wrote down, as notes. */
import { expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import { tensorOf } from "../graph/tensor.ts";
import { libraryWords, wordsOf } from "../wording/face.ts";
import { readingNotes } from "./reading-notes.ts";

function notesOf(reading: string): readonly string[] {
  const b = new GraphBuilder();
  b.output(b.initializer("w", tensorOf("float32", [1], [1])));
  const graph = { ...b.build(), metadata: new Map([["limpid.reading", reading]]) };
  return readingNotes(graph).map((note) => wordsOf(note, libraryWords));
}

test("sentences are written as other notes are", () => {
  expect(
    notesOf(
      JSON.stringify([
        "The layers compute in float16; here they compute in float32.",
        "A size stays.",
        'Keras saved "x".',
        "TensorFlow's own.",
        '"x" is taken as 1: all is kept.',
        "5 of its 9 weights are stored in fewer bits.",
      ]),
    ),
  ).toEqual([
    "the layers compute in float16; here they compute in float32",
    "a size stays",
    'Keras saved "x"',
    "TensorFlow's own",
    '"x" is taken as 1: all is kept',
    "5 of its 9 weights are stored in fewer bits",
  ]);
});

test("other metadata under the same key are no notes", () => {
  for (const text of ["", "x", "{}", "[1]"]) expect(notesOf(text)).toEqual([]);
});
