/** @file `npm run walls`: fails on an import that the rooms of src forbid. */
import { fileURLToPath } from "node:url";
import { exceptions, rooms } from "./rooms.ts";
import { brokenWalls, sourcesOf } from "./walls.ts";

const sources = sourcesOf(fileURLToPath(new URL("../src", import.meta.url)));
const broken = brokenWalls(sources, { rooms, exceptions });
for (const line of broken) console.error(line);
if (broken.length > 0) process.exitCode = 1;
