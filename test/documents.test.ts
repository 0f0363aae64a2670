/** @file The written word: generated documents are current, links lead somewhere. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { generatedDocs } from "../scripts/generated-docs.ts";

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
});
