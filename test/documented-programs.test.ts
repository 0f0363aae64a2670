/** @file The programs of the README and of docs/library.md as a reader would compile and run them, on a network that ships and a drawn photo. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { picture } from "../src/image/picture.ts";
import { encodePng } from "../src/node/codecs.ts";
import { petScene } from "../src/drawn/pets.ts";
import { limpid } from "./command-line.ts";

const root = new URL("../", import.meta.url);
const folder = mkdtempSync(join(tmpdir(), "limpid-readme-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** All programs of a page. */
function programs(page: string): readonly string[] {
  const text = readFileSync(new URL(page, root), "utf8");
  return Array.from(text.matchAll(/^```ts\n([^]*?)^```$/gm), ([, code]) => code!);
}

/** The program of a page that runs in Node, with the sources in place of the installed package. */
function program(page = "README.md"): string {
  const code = programs(page).find((each) => each.includes('"limpid/node"'))!;
  return code.replace('"limpid/node"', JSON.stringify(new URL("src/node.ts", root).href));
}

/** What a page has in hand that the programs for browsers speak of. */
const inHand = `
declare const modelFile: File;
declare const photoFile: File;
declare const image: HTMLImageElement;
declare const inter400: string;
declare const inter600: string;
`;

/** As strictly as a reader's compiler may be set. */
const strictly = {
  target: "es2023",
  module: "nodenext",
  lib: ["es2023", "dom", "dom.iterable"],
  types: ["node"],
  typeRoots: [fileURLToPath(new URL("node_modules/@types", root))],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  noEmit: true,
} as const;

test("every program compiles, as strictly as a compiler may be set", async () => {
  const pages = ["README.md", "docs/library.md"];
  const all = pages.flatMap(programs);
  expect(all.length).toBeGreaterThan(2);
  const files = all.map((code, i) => {
    const source = code.replaceAll(/"limpid(?:\/(\w+))?"/g, (_, face: string | undefined) =>
      JSON.stringify(fileURLToPath(new URL(`src/${face ?? "index"}.ts`, root))),
    );
    const name = `program-${i}.mts`;
    writeFileSync(join(folder, name), source);
    return name;
  });
  writeFileSync(join(folder, "in-hand.d.ts"), inHand);
  const settings = { compilerOptions: strictly, files: ["in-hand.d.ts", ...files] };
  expect(await compiled(settings)).toBe("");
});

test("the package's types need none but those of its dependencies", async () => {
  const faces = ["index", "node", "web"];
  const emitting = {
    extends: fileURLToPath(new URL("tsconfig.base.json", root)),
    compilerOptions: {
      ...strictly,
      noEmit: false,
      composite: false,
      incremental: false,
      sourceMap: false,
      emitDeclarationOnly: true,
      rootDir: fileURLToPath(new URL("src", root)),
      outDir: join(folder, "types"),
    },
    files: faces.map((face) => fileURLToPath(new URL(`src/${face}.ts`, root))),
  };
  expect(await compiled(emitting)).toBe("");
  symlinkSync(fileURLToPath(new URL("node_modules", root)), join(folder, "node_modules"));
  const imports = faces.map((face) => `export * as ${face} from "./types/${face}.js";\n`);
  writeFileSync(join(folder, "faces.mts"), imports.join(""));
  const checking = { compilerOptions: { ...strictly, skipLibCheck: false }, files: ["faces.mts"] };
  expect(await compiled(checking)).toBe("");
});

/** What the compiler says of a project in the folder; nothing where all is well. */
async function compiled(settings: object): Promise<string> {
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
  const compiler = fileURLToPath(new URL("node_modules/typescript/bin/tsc", root));
  try {
    await promisify(execFile)(process.execPath, [compiler, "-p", folder]);
    return "";
  } catch (error) {
    return (error as { readonly stdout: string }).stdout;
  }
}

/** A drawn dog of 3 x 200 x 150, so that the example has to fit it. */
function drawnPhoto() {
  const [heightPx, widthPx] = [200, 150];
  const { picture: planes } = petScene(0, 1, [3, heightPx, widthPx]);
  const places = heightPx * widthPx;
  const data = Uint8Array.from({ length: 3 * places }, (_, i) =>
    Math.round(planes[(i % 3) * places + Math.floor(i / 3)]! * 255),
  );
  return picture(widthPx, heightPx, 3, data);
}

test("the README's program takes four lines", () => {
  expect(program().trim().split("\n")).toHaveLength(4);
});

/** Runs a program in the folder and returns what it prints. */
async function printed(code: string): Promise<string> {
  writeFileSync(join(folder, "example.mts"), code);
  const tsx = ["--import", import.meta.resolve("tsx"), "example.mts"] as const;
  return (await promisify(execFile)(process.execPath, tsx, { cwd: folder })).stdout;
}

beforeAll(async () => {
  symlinkSync(fileURLToPath(new URL("assets", root)), join(folder, "assets"));
  writeFileSync(join(folder, "photo.jpg"), await encodePng(drawnPhoto()));
});

test("the README's program finds what the command finds and writes its picture", async () => {
  const stdout = await printed(`${program()}console.log(why.label, why.probability);`);
  const network = fileURLToPath(new URL("assets/networks/cats-dogs.onnx", root));
  const figure = join(folder, "command.png");
  const asked = [network, join(folder, "photo.jpg"), "--json", "--out", figure] as const;
  const { out } = await limpid("attribute", ...asked);
  const [found] = (JSON.parse(out) as { results: { label: string; probability: number }[] })
    .results;
  const [label, probability] = stdout.split(" ");
  expect(label).toBe(found!.label);
  expect(Number(probability)).toBeCloseTo(found!.probability, 6);
  expect(readFileSync(join(folder, "why.png")).equals(readFileSync(figure))).toBe(true);
});

test("the program of docs/library.md runs, and writes what it says", async () => {
  const lines = (await printed(program("docs/library.md"))).trim().split("\n");
  expect(lines[0]).toMatch(/^dogs 0\.\d+ .* 2$/);
  expect(lines.at(-1)).toBe("true");
  for (const file of ["why/sheet.png", "why/results.json", "made.png", "look/activations.json"]) {
    expect(existsSync(join(folder, file)), file).toBe(true);
  }
});
