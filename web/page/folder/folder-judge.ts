/** @file Judges a folder in the worker, and keeps what is told of it on the way, also where it is stopped. */
import type { JudgeRequest } from "../../judge-protocol.ts";
import { nothingJudged, type JudgedFolder } from "./judged-list.ts";
import type { Store } from "../computing/store.ts";

/** `show` is told whenever there is more. */
export async function judgeFolder(
  store: Store,
  request: JudgeRequest,
  show: (folder: JudgedFolder) => void,
): Promise<void> {
  let folder = nothingJudged;
  show(folder);
  await store.ask(
    "judge",
    request,
    () => undefined,
    (told) => {
      if (told.kind !== "judged") return;
      const { total, classes, unknown, notes, rows } = told;
      folder = { total, classes, unknown, notes, rows: [...folder.rows, ...rows] };
      show(folder);
    },
  );
}
