/** @file The table of rooms in docs/architecture.md: what lives where, and who may import whom. */
import { markdownTable } from "./markdown-table.ts";
import { coreFloors, exceptions, rooms } from "./rooms.ts";

const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(", ");

/** Imports in words: a long list is that of a floor and what is below it. */
function importsInWords(imports: readonly string[]): string {
  const floors = [...coreFloors.entries()].toReversed();
  const whole = floors.find(([, floor]) => floor.every((name) => imports.includes(name)));
  if (!whole) return imports.length > 0 ? code(imports) : "nothing";
  const [height] = whole;
  const below = coreFloors.slice(0, height + 1).flat();
  const others = imports.filter((name) => !below.includes(name));
  const low = height === 0 ? "floor 0" : `floors 0 to ${height}`;
  const words = height === coreFloors.length - 1 ? "the core" : low;
  return others.length > 0 ? `${words}, ${code(others)}` : words;
}

function roomsTable(): string {
  const rows = Object.entries(rooms).map(([name, { holds, imports }]) => {
    const floor = coreFloors.findIndex((names) => names.includes(name));
    return [`\`src/${name}\``, floor < 0 ? "" : String(floor), holds, importsInWords(imports)];
  });
  const table = markdownTable(["room", "floor", "what lives there", "may import"], rows);
  if (exceptions.length === 0) return table;
  const rowsOfExceptions = exceptions.map(({ from, to, reason }) => [
    `\`${from}\``,
    `\`${to}\``,
    reason,
  ]);
  return `${table}\n\nExceptions:\n\n${markdownTable(["room", "imports", "since"], rowsOfExceptions)}`;
}

export const architectureTables: Readonly<Record<string, () => string>> = { rooms: roomsTable };
