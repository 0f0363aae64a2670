import { expect, test } from "vitest";
import { command, commandWords, libraryWords, option, say, wordsOf } from "./face.ts";

const message = say`choose ${"one"} of ${3} with ${option("layer")}, ${option("method", "gradient")}; ${command("inspect")} lists them`;

test("the command words options and commands as they are typed", () => {
  expect(wordsOf(message, commandWords)).toBe(
    'choose one of 3 with --layer, --method gradient; "limpid inspect" lists them',
  );
  expect(wordsOf(say`${command("train", "pets")}`, commandWords)).toBe('"limpid train pets"');
});

test("the library words them by their data names", () => {
  const words = wordsOf(message, libraryWords);
  expect(words).toBe('choose one of 3 with "layer", method: "gradient"; inspect() lists them');
  expect(words).not.toContain("--");
});

test("messages hold messages, and text is itself", () => {
  expect(wordsOf(say`first ${message}`, commandWords)).toMatch(/^first choose one/);
  expect(wordsOf("plain --text", libraryWords)).toBe("plain --text");
});
