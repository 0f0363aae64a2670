/** @file The written word: generated documents are current, links lead somewhere. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { generatedDocs } from "../scripts/generated-docs.ts";
import { ruleFormulas } from "../scripts/rule-formulas.ts";
import { rules } from "../src/autodiff/rules/index.ts";
import { commands, exitCodes } from "../src/cli/run.ts";
import { limpid } from "./command-line.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Text without what the formatter may change: widths of tables and line breaks. */
function words(text: string): string {
  return text.replaceAll(/[\s|-]+/g, " ").trim();
}

describe("documents", () => {
  test.each(Object.entries(generatedDocs))("%s is what the tables say", async (path, text) => {
    const written = words(readFileSync(join(root, path), "utf8"));
    expect(written === words(await text()), `${path} is old: npm run docs`).toBe(true);
  });

  test("every rule says what its gradient is", () => {
    const told = ruleFormulas();
    expect(Object.keys(rules).filter((operator) => !told.has(operator))).toEqual([]);
  });

  test("everything lives where the architecture says", () => {
    const text = readFileSync(join(root, "docs/architecture.md"), "utf8");
    const part = text.slice(text.indexOf("## Where does it live?"), text.indexOf("## Words"));
    const rows = [...part.matchAll(/^\| ([^|`]+?) +\| `(src\/[^`]+)` +\| `([^`]+)` +\|$/gm)];
    expect(rows.length).toBeGreaterThanOrEqual(20);
    const lost = rows.filter(
      ([, , file, name]) =>
        !existsSync(join(root, file!)) || !readFileSync(join(root, file!), "utf8").includes(name!),
    );
    expect(lost.map(([, what, file]) => `${what}: ${file}`)).toEqual([]);
    const kinds = rows.map(([, what]) => what);
    expect(kinds.filter((what, i) => kinds.indexOf(what) !== i)).toEqual([]);
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

  test("every page can be reached from the README", () => {
    const reached = new Set(["README.md"]);
    for (const page of reached) {
      const text = readFileSync(join(root, page), "utf8");
      for (const [, link] of text.matchAll(/\]\((?!https?:)([^)#]+\.md)/g))
        reached.add(join(dirname(page), link!));
    }
    expect(pages.filter((page) => !reached.has(page))).toEqual([]);
  });

  test.each(Object.keys(commands))("help of %s has examples of its own options", async (name) => {
    const { out } = await limpid(name, "--help");
    const [help, examples] = out.split("\nExamples:\n") as [string, string];
    const lines = examples.split("\n").filter((line) => line.includes(`limpid ${name}`));
    expect(lines.length).toBeGreaterThan(1);
    const options = [...examples.matchAll(/--[\w-]+/g)].map(([option]) => option);
    expect(options.filter((option) => !help.includes(option))).toEqual([]);
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
