/** @file An import through a wall is found, whichever way it is written. */
import { expect, test } from "vitest";
import { coreFloors, rooms } from "../scripts/rooms.ts";
import { brokenWalls, type Walls } from "../scripts/walls.ts";

const walls: Walls = {
  rooms: {
    "errors.ts": { holds: "", imports: [] },
    graph: { holds: "", imports: ["errors.ts"] },
    app: { holds: "", imports: ["errors.ts", "graph"] },
    node: { holds: "", imports: ["errors.ts", "graph", "app/platform.ts"], node: true },
  },
  exceptions: [],
};

function found(file: string, text: string, changes: Partial<Walls> = {}): readonly string[] {
  return brokenWalls(new Map([[file, text]]), { ...walls, ...changes });
}

test.each([
  ["graph/tensor.ts", 'import { LimpidError } from "../errors.ts";'],
  ["graph/infer/shape.ts", 'import type { Graph } from "../graph.ts";'],
  ["app/open.ts", 'import { trace } from "../graph/trace.ts";'],
  [
    "node/files.ts",
    'import { readFile } from "node:fs";\nimport type {} from "../app/platform.ts";',
  ],
  ["app/open.ts", 'import * as v from "valibot";'],
  ["graph/tensor.ts", '/** Not from "../app/open.ts", */\n// import "../app/open.ts"'],
])("%s may have %s", (file, text) => {
  expect(found(file, text)).toEqual([]);
});

test.each([
  'import { open } from "../app/open.ts";',
  'import type { Open } from "../app/open.ts";',
  'import {\n  a,\n  b,\n} from "../app/open.ts";',
  'import "../app/open.ts";',
  'export { open } from "../app/open.ts";',
  'export * from "../app/open.ts";',
  'const { open } = await import("../app/open.ts");',
  'const open = () =>\n  import(\n    "../app/open.ts"\n  );',
  'let open: typeof import("../app/open.ts");',
])("a planted %j is found", (text) => {
  expect(found("graph/tensor.ts", text)).toEqual([
    'src/graph/tensor.ts: graph must not import app, got "../app/open.ts"',
  ]);
});

test("of a room that is open by one file, the others are closed", () => {
  expect(found("node/files.ts", 'import "../app/open.ts";')).toHaveLength(1);
});

test("Node is closed to all rooms but its own", () => {
  expect(found("app/open.ts", 'import { join } from "node:path";')).toEqual([
    'src/app/open.ts: app must not import node:, got "node:path"',
  ]);
});

test("an exception holds as long as it is needed", () => {
  const exceptions = [{ from: "app", to: "node:", reason: "moves" }];
  expect(found("app/open.ts", 'import { join } from "node:path";', { exceptions })).toEqual([]);
  expect(found("app/open.ts", "", { exceptions })).toEqual([
    "scripts/rooms.ts: the exception app to node: must be needed, got no such import",
  ]);
});

test("a new folder must be a room", () => {
  expect(found("helpers/text.ts", "")).toEqual([
    'src/helpers/text.ts: "helpers" must be a room of scripts/rooms.ts',
  ]);
});

test("no room imports one that imports it", () => {
  const names = Object.keys(rooms);
  for (const [name, { imports }] of Object.entries(rooms)) {
    for (const other of imports) {
      expect(names).toContain(other.split("/")[0]);
      expect(rooms[other]?.imports ?? []).not.toContain(name);
    }
  }
  expect(coreFloors.flat()).toEqual(names.slice(0, coreFloors.flat().length));
});
