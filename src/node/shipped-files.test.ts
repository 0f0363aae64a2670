/** @file What comes with the package is found by name, and nothing else is. */
import { expect, test } from "vitest";
import { fontFiles } from "../report/style.ts";
import { readBytes } from "../disk/files.ts";
import { shipped } from "./shipped-files.ts";

test("networks and the files of the typeface that pages ask for, with its licence", async () => {
  const names = [...fontFiles, "LICENSE"].map((file) => `fonts/${file}`);
  for (const name of ["networks/mnist.onnx", ...names]) {
    const path = await shipped(name);
    expect((await readBytes(path!)).length).toBeGreaterThan(1000);
  }
});

test.each(["networks/none.onnx", "fonts/none.woff2", "elsewhere/mnist.onnx", "networks/"])(
  "%s is none",
  async (name) => {
    expect(await shipped(name)).toBeUndefined();
  },
);
