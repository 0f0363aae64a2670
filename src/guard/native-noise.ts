/** @file What native code writes to a child's standard error: shown as it comes, but for what is said just before an abort. */
import type { Readable } from "node:stream";
import { shownLines } from "../wording/shown-text.ts";

/** What is said is held back for so long: native code says why it aborts just before it does. */
const heldBackMs = 150;

/** How C and C++ libraries and V8 begin to say so; the end may take a while, as where memory is written to disk. */
const lastSaid =
  /\*\*\* .+ \*\*\*|terminate called|pure virtual|assertion|free\(\)|malloc|realloc|munmap|corrupt|fatal error|<--- last few gcs|^ *1: 0x[\da-f]+/im;

/** Of what is held back, which a child may write without end. */
const mostLetters = 1 << 16;

export interface NativeNoise {
  /** What is held back. */
  text(): string;
  /** Shows what is held back. */
  show(): void;
}

/** ONNX Runtime colours its warnings, in which names of a model stand as they are. */
function withoutColours(text: string): string {
  return text.replaceAll(/\p{Cc}\[[\d;]*m/gu, "");
}

/** Shows what a child writes, late by a moment. */
export function nativeNoise(stream: Readable, show: (text: string) => void): NativeNoise {
  let held = "";
  let timer: NodeJS.Timeout | undefined;
  const showAll = () => {
    clearTimeout(timer);
    if (held !== "") show(shownLines(withoutColours(held)));
    held = "";
  };
  stream.setEncoding("utf8").on("data", (text: string) => {
    held += text;
    if (held.length > mostLetters) showAll();
    clearTimeout(timer);
    if (!lastSaid.test(held)) timer = setTimeout(showAll, heldBackMs);
  });
  return { text: () => held, show: showAll };
}
