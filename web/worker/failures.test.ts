/** @file What is told from errors: a fall of ONNX Runtime, memory that is gone, code that did not come. */
import { expect, test } from "vitest";
import { LimpidError } from "../../src/errors.ts";
import { isBroken, isMissingCode, isOutOfMemory, isWithoutWasm, MissingFile } from "./failures.ts";

const run = (cause: unknown) =>
  new LimpidError(
    "runtime",
    `onnxruntime-web/wasm: the run must succeed, got "${String(cause)}".`,
    {
      cause,
    },
  );

test.each<[unknown, string | undefined]>([
  [run(new Error("failed to call OrtRun(). ERROR_MESSAGE: std::bad_alloc")), "memory"],
  [new RangeError("Array buffer allocation failed"), "memory"],
  [new RangeError("Invalid typed array length: 9000000000"), "memory"],
  [run(new WebAssembly.RuntimeError("unreachable")), "broken"],
  [run(1283648), "broken"],
  [new TypeError("Failed to fetch dynamically imported module: http://x/y.js"), "code"],
  [new TypeError("error loading dynamically imported module"), "code"],
  [new Error("Unable to preload CSS for /assets/step-pane.css"), "code"],
  [new MissingFile("page: a file of its own must come, got none."), "code"],
  [new LimpidError("bad-file", 'fetch: "http://x/y.onnx" must be there, got: x.'), undefined],
  [new WebAssembly.CompileError("Wasm code generation disallowed by embedder"), "wasm"],
  [run(new Error("no available backend found. ERR: [wasm] CompileError")), "wasm"],
  [new LimpidError("over-limit", "limits: it must fit, got out of memory."), undefined],
  [new LimpidError("bad-file", 'read: "a" must be a picture, got text.'), undefined],
  [run(new Error("Non-zero status code returned while running Conv node")), undefined],
])("%s is %s", (error, expected) => {
  const found = [
    isOutOfMemory(error) && "memory",
    isBroken(error) && "broken",
    isMissingCode(error) && "code",
    isWithoutWasm(error) && "wasm",
  ].filter(Boolean);
  expect(found).toEqual(expected === undefined ? [] : [expected]);
});
