/** @file `npm run docs`: writes the documents that are made from tables. */
import { writeWhole } from "../src/disk/files.ts";
import { generatedDocs } from "./generated-docs.ts";

for (const [path, text] of Object.entries(generatedDocs)) await writeWhole(path, await text());
