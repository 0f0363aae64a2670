/** @file The page of what commands print and write as JSON, made from the schemas that tests check it with. */
import type { GenericSchema } from "valibot";
import {
  folderRecordSchema,
  folderSummarySchema,
  pictureRecordSchema,
} from "../src/app/activations/schema.ts";
import { attributionSchema } from "../src/app/attribute/schema.ts";
import { checkSchema } from "../src/app/check/schema.ts";
import { convertSchema } from "../src/app/convert/schema.ts";
import { inspectionSchema } from "../src/app/inspection.ts";
import { maximizeSchema, resultsSchema } from "../src/app/maximize/schema.ts";
import { recipeSchema } from "../src/optvis/recipe.ts";
import { trainingRecordSchema, trainingSummarySchema } from "../src/app/train/record.ts";
import { studyRecordSchema } from "../src/report/record.ts";
import { jsonFields } from "./json-fields.ts";
import { markdownTable } from "./markdown-table.ts";

interface JsonRecord {
  /** The command, and where it says this. */
  readonly title: string;
  readonly schema: GenericSchema;
}

/** THE list of records; docs/json.md has a table for each. */
export const jsonRecords: readonly JsonRecord[] = [
  { title: "limpid inspect --json", schema: inspectionSchema },
  { title: "limpid check --json", schema: checkSchema },
  { title: "limpid convert --json", schema: convertSchema },
  { title: "limpid attribute --json, results.json", schema: attributionSchema },
  {
    title: "limpid activations MODEL PICTURE --json, activations.json",
    schema: pictureRecordSchema,
  },
  { title: "limpid activations MODEL FOLDER, activations.json", schema: folderRecordSchema },
  { title: "limpid activations MODEL FOLDER --json", schema: folderSummarySchema },
  { title: "limpid maximize --json", schema: maximizeSchema },
  { title: "limpid maximize, results.json", schema: resultsSchema },
  { title: "limpid maximize, recipe.json", schema: recipeSchema },
  { title: "limpid train --json", schema: trainingSummarySchema },
  { title: "limpid train, history.json", schema: trainingRecordSchema },
  { title: "limpid study, study.json", schema: studyRecordSchema },
];

/** `docs/json.md`. */
export function jsonPage(): string {
  const sections = jsonRecords.map(({ title, schema }) => {
    const rows = jsonFields(schema).map(({ path, type, meaning, isOptional }) => [
      `\`${path}\``,
      isOptional ? `${type}, or left out` : type,
      meaning,
    ]);
    return `## ${title}\n\n${markdownTable(["field", "what it holds", "meaning"], rows)}`;
  });
  return `# JSON

Made from the schemas by \`npm run docs\`; tests hold what commands print and write against them. Fields keep their names;
new ones may come. \`[]\` stands for each of a list, \`*\` for each of a table. A number that is infinite or none is null.

${sections.join("\n\n")}
`;
}
