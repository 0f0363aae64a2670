/** @file Mutations of text: letters, words, lines, numbers. */
import { rearranged, type Draw, type Mutation } from "./draw.ts";
import { mutateBytes } from "./bytes.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const words = [
  "",
  " ",
  "\n",
  "\r\n",
  "\t",
  "\0",
  "\u001b[31m",
  "\u202e",
  "\ufeff",
  "\ud800",
  "é",
  "日本語",
  "🐱",
  "..",
  "../x",
  "/",
  "\\",
  "a/b",
  "C:\\x",
  ".",
  "-",
  "--",
  "0",
  "-1",
  "1e999",
  "NaN",
  "inf",
  "null",
  "None",
  "True",
  "true",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "length",
  "'",
  '"',
  "`",
  "<",
  ">",
  "&",
  "<script>",
  "{",
  "}",
  "[",
  "]",
  "(",
  ")",
  "((((",
  "))))",
  ",",
  ":",
  "%s",
  "${x}",
  "$&",
  "9".repeat(400),
  "x".repeat(1000),
  "N",
  "batch",
  "unk__1",
  "CON",
  "aux",
  "n01440764 ",
] as const;

export const numberTexts = [
  "0",
  "-0",
  "1",
  "-1",
  "2",
  "0.5",
  "-0.5",
  "1e-400",
  "1e308",
  "1e309",
  "-1e309",
  "1e21",
  "255",
  "256",
  "2147483647",
  "2147483648",
  "4294967295",
  "4294967296",
  "9007199254740991",
  "9007199254740993",
  "1e10",
  "18446744073709551615",
  "0.1",
  "3.0000000000000004",
  "1e1000000",
  "65536",
  "100000",
  "1000000",
] as const;

/** A word that readers stumble over. */
export function oddWord(draw: Draw): string {
  return draw.of(words);
}

const kinds: readonly ((text: string, draw: Draw) => string)[] = [
  (text, draw) => {
    const at = draw.below(text.length + 1);
    return text.slice(0, at) + oddWord(draw) + text.slice(at);
  },
  (text, draw) => {
    const at = draw.below(text.length + 1);
    return text.slice(0, at) + text.slice(at + 1 + draw.below(8));
  },
  (text, draw) => text.slice(0, draw.below(text.length + 1)),
  (text, draw) => rearranged(text.split("\n"), draw).join("\n"),
  (text, draw) => rearranged(text.split(/(?<=[\s,:;]+)/), draw).join(""),
  (text, draw) => otherNumber(text, draw),
  (text, draw) => text.repeat(draw.of([0, 2, 3, 100])).slice(0, 100_000),
  (_, draw) => oddWord(draw),
  (text, draw) =>
    draw.of(["[", "(", "{", '"', "'", "<"]).repeat(draw.of([1, 10, 101, 5000])) + text,
];

function otherNumber(text: string, draw: Draw): string {
  const numbers = [...text.matchAll(/-?\d+(?:\.\d+)?(?:e[-+]?\d+)?/gi)];
  if (numbers.length === 0) return text + draw.of(numberTexts);
  const found = draw.of(numbers);
  return (
    text.slice(0, found.index) + draw.of(numberTexts) + text.slice(found.index + found[0].length)
  );
}

/** One change of a text. */
export function changedText(text: string, draw: Draw): string {
  return draw.of(kinds)(text, draw);
}

/** One change of bytes that are text. */
export const mutateText: Mutation = (bytes, draw) =>
  draw.chance(0.1) && bytes.length > 0
    ? mutateBytes(bytes, draw)
    : encoder.encode(changedText(decoder.decode(bytes), draw));
