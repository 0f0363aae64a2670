import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { SeenPart } from "../image/seen-part.ts";
import { commandWords, say, wordsOf } from "../wording/face.ts";
import { PhotoNotes } from "./photo-notes.ts";

const told = (notes: PhotoNotes) => notes.messages().map((note) => wordsOf(note, commandWords));

const part = fc
  .record({ side: fc.integer({ min: 1, max: 99 }), more: fc.integer({ min: 1, max: 99 }) })
  .map(({ side, more }): SeenPart => ({
    left: 0,
    top: 0,
    widthPx: side,
    heightPx: side,
    ofWidthPx: side + more,
    ofHeightPx: side,
  }));

test("crops of any photos are one sentence that counts them and names the smallest share", () => {
  fc.assert(
    fc.property(fc.array(fc.option(part), { minLength: 2, maxLength: 30 }), (photos) => {
      const notes = new PhotoNotes();
      for (const each of photos) notes.add(each ? { part: each } : {});
      const cut = photos.filter((each) => each !== null);
      expect(told(notes)).toHaveLength(cut.length === 0 ? 0 : 1);
      if (cut.length === 0) return;
      const [text] = told(notes);
      expect(text).toContain(`${cut.length} of ${photos.length} photos are cut`);
      const [, width, height] = /the middle (\d+) x \d+ of (\d+) x/.exec(text!)!.map(Number);
      const shares = cut.map(({ widthPx, ofWidthPx }) => widthPx / ofWidthPx);
      expect(width! / height!).toBe(Math.min(...shares));
    }),
  );
});

test("of one photo it is the photo's own note", () => {
  const notes = new PhotoNotes();
  notes.add({
    part: { left: 0, top: 0, widthPx: 8, heightPx: 8, ofWidthPx: 12, ofHeightPx: 8 },
    numbers: say`its numbers are taken for 0 to 1`,
  });
  expect(told(notes)).toEqual([
    "its numbers are taken for 0 to 1",
    expect.stringMatching(/^the network sees only the middle 8 x 8 of 12 x 8 pixels, the rest/),
  ]);
});

test("an assumption of files is told with how many of them it is of", () => {
  const notes = new PhotoNotes();
  for (const numbers of [undefined, say`taken for 0 to 1`, say`taken for 0 to 255`])
    notes.add(numbers ? { numbers } : {});
  expect(told(notes)).toEqual(["taken for 0 to 1 (so in 2 of 3)"]);
});
