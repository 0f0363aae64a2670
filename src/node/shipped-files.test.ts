/** @file What comes with the package is found by name, and nothing else is. */
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { fontFiles } from "../report/style.ts";
import { isCatalogName } from "../fetch/catalog.ts";
import { shippedNetworks } from "../fetch/shipped.ts";
import { readBytes } from "../disk/files.ts";
import { nodePlatform } from "./platform.ts";
import { shipped } from "./shipped-files.ts";

test("networks and the files of the typeface that pages ask for, with its licence", async () => {
  const names = [...fontFiles, "LICENSE"].map((file) => `fonts/${file}`);
  for (const name of ["networks/mnist.onnx", ...names]) {
    const path = await shipped(name);
    expect((await readBytes(path!)).length).toBeGreaterThan(1000);
  }
});

test.each(Object.keys(shippedNetworks))("%s opens by its name", async (name) => {
  const { path, from } = await nodePlatform.locate(name, {
    only: "network",
    offline: true,
    signal: { aborted: false },
    onDownload: () => {},
  });
  expect(from).toBe("program");
  expect(path).toBe(await shipped(`networks/${name}.onnx`));
});

test("every network that ships has a name, but for those of data sets", () => {
  const files = readdirSync("assets/networks").filter((file) => file.endsWith(".onnx"));
  const names = files.map((file) => file.replace(".onnx", ""));
  expect(names.filter((name) => !isCatalogName(name)).toSorted()).toEqual(
    Object.keys(shippedNetworks).toSorted(),
  );
});

test.each(["networks/none.onnx", "fonts/none.woff2", "elsewhere/mnist.onnx", "networks/"])(
  "%s is none",
  async (name) => {
    expect(await shipped(name)).toBeUndefined();
  },
);
