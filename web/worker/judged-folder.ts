/** @file Judges the pictures of a folder and tells of them some at a time, so that thousands take little memory. */
import {
  judgePictures,
  planJudging,
  type JudgedPicture,
} from "../../src/app/judge/judge-folder.ts";
import { mapDisagreement } from "../../src/app/judge/map-disagreement.ts";
import type { JobContext } from "../../src/app/context.ts";
import { isTable, type JudgedRow, type JudgeRequest } from "../judge-protocol.ts";
import type { CallContext } from "./calls.ts";
import type { Desk } from "./desk.ts";

/** So often the page hears of more. */
const tellMs = 200;

/** How many were judged. Throws as `planJudging`. */
export async function judgedFolder(
  desk: Desk,
  { files, methods }: JudgeRequest,
  call: CallContext,
): Promise<number> {
  const { model, labels } = desk.open;
  const { context } = desk.job(call, desk.platformWith(files));
  const names = files.map(({ name }) => name);
  const tables = names.filter(isTable);
  const root = commonFolder(names.filter((name) => !isTable(name)));
  const plan = await planJudging(model, labels, root, context, tables);
  const classes = Array.from({ length: plan.classes }, (_, i) => labels?.[i] ?? `class ${i}`);
  let rows: JudgedRow[] = [];
  let toldMs = 0;
  const tell = () => {
    const { paths, unknown, notes } = plan;
    call.tell({ kind: "judged", total: paths.length, classes, unknown, notes, rows });
    rows = [];
    toldMs = performance.now();
  };
  try {
    for await (const judged of judgePictures(model, plan, context)) {
      rows.push(await rowOf(desk, judged, methods, context));
      if (performance.now() - toldMs > tellMs) tell();
    }
  } finally {
    tell();
  }
  return plan.paths.length;
}

async function rowOf(
  desk: Desk,
  { path, label, predicted, confidence, ownProbability, failure }: JudgedPicture,
  methods: JudgeRequest["methods"],
  context: JobContext,
): Promise<JudgedRow> {
  const isComparable = methods !== undefined && failure === undefined;
  return {
    path,
    label,
    predicted,
    confidence,
    loss: ownProbability === undefined ? undefined : -Math.log(ownProbability),
    disagreement: isComparable
      ? await mapDisagreement(desk.open, path, methods, context)
      : undefined,
    failure,
  };
}

/** The folder that holds all files; "." where there is none. */
export function commonFolder(paths: readonly string[]): string {
  const [first, ...others] = paths.map((path) => path.split("/").slice(0, -1));
  let depth = first?.length ?? 0;
  for (const other of others) {
    const limit = Math.min(depth, other.length);
    let same = 0;
    while (same < limit && other[same] === first![same]) same += 1;
    depth = same;
  }
  return depth === 0 ? "." : first!.slice(0, depth).join("/");
}
