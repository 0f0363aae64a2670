/** @file The files that start workers in containers: whether what they name is there. No engine runs them here. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { run } from "../src/cli/run.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (name: string) => readFileSync(join(root, "deploy", name), "utf8");
const service = v.object({
  image: v.optional(v.string()),
  build: v.optional(v.object({ context: v.string(), dockerfile: v.string() })),
  command: v.array(v.string()),
  depends_on: v.optional(v.array(v.string())),
  volumes: v.optional(v.array(v.string())),
});
const compose = v.parse(
  v.object({
    services: v.record(v.string(), service),
    volumes: v.record(v.string(), v.unknown()),
  }),
  parse(read("compose.yaml")),
);

/** Options that a command's help has. */
async function helpOf(command: string): Promise<string> {
  let text = "";
  const tell = (more: string) => void (text += more);
  const io = { out: tell, err: tell, signal: { aborted: false }, isWatched: false };
  await run([command, "--help"], io);
  return text;
}

describe("deploy/compose.yaml", () => {
  test("names services, volumes and files that are there", () => {
    for (const { image, build, depends_on = [], volumes = [] } of Object.values(compose.services)) {
      expect(image === undefined).toBe(build !== undefined);
      for (const other of depends_on) expect(compose.services).toHaveProperty(other);
      for (const volume of volumes.filter((each) => /^[a-z]/.test(each)))
        expect(compose.volumes).toHaveProperty(volume.split(":")[0]!);
      if (build)
        expect(existsSync(join(root, "deploy", build.context, build.dockerfile))).toBe(true);
    }
  });

  test("gives workers a command and options that exist, and the queue of its own server", async () => {
    const [command, ...argv] = compose.services["worker"]!.command;
    const help = await helpOf(command!);
    for (const option of argv.filter((word) => word.startsWith("--")))
      expect(help).toContain(option);
    const address = argv[argv.indexOf("--queue") + 1]!;
    expect(compose.services).toHaveProperty(new URL(address).hostname);
  });

  test("says how to ask by options that exist", async () => {
    const asked = /run --rm worker ([\s\S]*?)\nname:/.exec(read("compose.yaml"))![1]!;
    const words = asked.replaceAll("#", "").split(/\s+/);
    const help = await helpOf(words[0]!);
    for (const option of words.filter((word) => word.startsWith("--")))
      expect(help).toContain(option);
  });
});

test("deploy/Dockerfile installs the packages that are optional here, and copies what npm packs", () => {
  const text = read("Dockerfile");
  const { peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly peerDependencies: Readonly<Record<string, string>>;
  };
  for (const name of ["bullmq", "ioredis", "pg", "@aws-sdk/client-s3"]) {
    const major = /\d+/.exec(peerDependencies[name]!)![0];
    expect(text).toContain(`${name}@${major}`);
  }
  expect(text).toContain("npm pack");
});
