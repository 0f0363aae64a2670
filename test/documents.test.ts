/** @file The written word: generated documents are current, links lead somewhere. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { generatedDocs } from "../scripts/generated-docs.ts";
import { exitCodes } from "../src/cli/run.ts";
import * as core from "../src/index.ts";
import * as node from "../src/node.ts";
import { limpid } from "./command-line.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Text without what the formatter may change: widths of tables and line breaks. */
function words(text: string): string {
  return text.replaceAll(/[\s|-]+/g, " ").trim();
}

describe("documents", () => {
  test.each(Object.entries(generatedDocs))("%s is what the tables say", (path, text) => {
    expect(words(readFileSync(join(root, path), "utf8")), "run: npm run docs").toBe(words(text()));
  });

  const pages = [
    "README.md",
    "CONTRIBUTING.md",
    ...readdirSync(join(root, "docs"))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `docs/${name}`),
  ];
  test.each(pages)("links of %s lead to files", (page) => {
    const text = readFileSync(join(root, page), "utf8");
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1]!);
    const lost = links.filter((link) => !existsSync(join(root, dirname(page), link)));
    expect(lost).toEqual([]);
  });

  const readme = readFileSync(join(root, "README.md"), "utf8");

  test.each([
    ["limpid", core],
    ["limpid/node", node],
  ])("what the README imports from %s is there", (name, entry: object) => {
    const [, names] = new RegExp(`import \\{ (.*) \\} from "${name}";`).exec(readme)!;
    const lost = names!.split(", ").filter((wanted) => !(wanted in entry));
    expect(lost).toEqual([]);
  });

  test("the README's commands have the options that it gives them", async () => {
    const commands = [...readme.matchAll(/^npx limpid (\w+) .*$/gm)];
    expect(commands.length).toBeGreaterThan(0);
    for (const [line, name] of commands) {
      const { out } = await limpid(name!, "--help");
      const options = [...line.split("#")[0]!.matchAll(/--[\w-]+/g)].map(([option]) => option);
      expect(options.filter((option) => !out.includes(option))).toEqual([]);
    }
  });

  test("exit codes are those of the README", () => {
    const [paragraph] = /^Exit codes: [^]*?\n\n/m.exec(readme)!;
    const told = [...paragraph.matchAll(/\b\d+\b/g)].map(([code]) => Number(code));
    expect(told).toEqual(Object.values(exitCodes));
  });
});
