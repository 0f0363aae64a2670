/** @file Where the study looks for things, in which order, and what it says of those that are not there. */
import { describe, expect, test } from "vitest";
import type { JobContext } from "../app/context.ts";
import { jobPlatform } from "../app/job-platform.ts";
import { memoryPlatform } from "../app/memory-platform.ts";
import type { LocatedPath, LocateRequest, Platform } from "../app/platform.ts";
import { LimpidError } from "../errors.ts";
import { commandWords } from "../wording/face.ts";
import { SourceFinder, type SourceOptions } from "./sources.ts";

interface World {
  readonly files?: readonly string[];
  readonly mirror?: string;
  readonly offline?: boolean;
  readonly locate?: (name: string, request: LocateRequest) => Promise<LocatedPath>;
}

function finderIn({ files = [], mirror, offline = false, locate }: World, options: SourceOptions) {
  const asked: LocateRequest[] = [];
  const platform: Platform = {
    ...memoryPlatform({ files: Object.fromEntries(files.map((path) => [path, ""])) }),
    mirror: () => mirror,
    shipped: async (name) => (files.includes(`/program/${name}`) ? `/program/${name}` : undefined),
    locate: (name, request) => {
      asked.push(request);
      return (locate ?? missing)(name, request);
    },
  };
  const context: JobContext = {
    platform: jobPlatform(platform),
    signal: { aborted: false },
    offline,
    words: commandWords,
  };
  return { finder: new SourceFinder(context, options), asked };
}

async function missing(name: string): Promise<LocatedPath> {
  throw new LimpidError("bad-file", `no ${name}`);
}

describe("things of the catalog", () => {
  test("are asked for as names, in the user's folder first, and once", async () => {
    const locate = async () => ({ path: "/own/mnist", from: "own" }) as const;
    const { finder, asked } = finderIn({ locate }, { data: "/own" });
    const found = await finder.find("mnist");
    expect(found).toEqual({ path: "/own/mnist", origin: "from /own", name: "mnist" });
    expect(await finder.find("mnist")).toBe(found);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ own: "/own", asName: true, offline: false });
  });

  test.each([
    [{}, "no mirror is named, and it could not be downloaded"],
    [{ offline: true }, "no mirror is named, and --offline forbids a download"],
    [{ mirror: "/m" }, "the mirror does not have it, and it could not be downloaded"],
  ])("that are not there (%j) are explained", async (world, why) => {
    const { finder, asked } = finderIn(world, {});
    expect(await finder.find("vgg16")).toEqual({ why });
    await finder.find("vgg16");
    expect(asked).toHaveLength(1);
  });

  test("a stop is no missing thing", async () => {
    const locate = async () => {
      throw new LimpidError("aborted", "stopped");
    };
    await expect(finderIn({ locate }, {}).finder.find("vgg16")).rejects.toThrow("stopped");
  });
});

test("what lies beside: the user's own, then the mirror's", async () => {
  const files = ["/own/photos", "/m/photos"];
  const find = (world: World, options: SourceOptions) =>
    finderIn(world, options).finder.findBeside("photos");
  expect(await find({ files, mirror: "/m" }, { data: "/own" })).toEqual({
    path: "/own/photos",
    origin: "from /own",
  });
  expect(await find({ files, mirror: "/m" }, { data: "/other" })).toEqual({
    path: "/m/photos",
    origin: "from the mirror",
  });
  expect(await find({ files }, {})).toEqual({ why: "there is no mirror that has photos" });
});

test("networks that ship are the program's, or of the folder in their place", async () => {
  const files = ["/program/networks/mnist.onnx", "/tests/mnist.onnx"];
  const origin = "ships with Limpid, trained by its own code";
  const find = (options: SourceOptions) => finderIn({ files }, options).finder.findShipped("mnist");
  expect(await find({})).toEqual({ path: "/program/networks/mnist.onnx", origin });
  expect(await find({ shipped: "/tests" })).toEqual({ path: "/tests/mnist.onnx", origin });
  expect(await find({ shipped: "/none" })).toEqual({ why: "no mnist.onnx ships" });
});
