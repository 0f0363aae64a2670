/** @file A folder of pictures at once: what the network says of each, the worst first. */
import { useMemo, useRef, useState } from "preact/hooks";
import { formatProsePercent } from "../../../src/wording/numbers.ts";
import type { PathedFile } from "../../files-protocol.ts";
import { isTable } from "../../judge-protocol.ts";
import { Dialog } from "../frame/dialog.tsx";
import { droppedFiles, pathed } from "../files/dropped-files.ts";
import { save } from "../results/saved-file.ts";
import { judgeFolder } from "./folder-judge.ts";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { JudgedRows } from "./judged-rows.tsx";
import {
  judgedCsv,
  judgedJson,
  nothingJudged,
  rowsOfClass,
  sortedRows,
  summaryOf,
  type JudgedFolder,
  type JudgedOrder,
} from "./judged-list.ts";
import { methodOf } from "../shown-choice.ts";
import { WentWrong } from "../frame/went-wrong.tsx";
import { usePageTexts, useSaid } from "../frame/settings.tsx";
import { counted } from "../texts/counted-text.ts";
import { useWork } from "../frame/under-way.ts";
import "./folder-dialog.css";

interface FolderDialogProps extends PaneProps {
  onClose(): void;
}

/** Compared with the method that is chosen, or with Grad-CAM where that is it. */
const otherMethod = "gradient";

export function FolderDialog({ explorer, state, onClose }: FolderDialogProps) {
  const texts = usePageTexts();
  const [files, setFiles] = useState<readonly PathedFile[]>([]);
  const [folder, setFolder] = useState(nothingJudged);
  const [order, setOrder] = useState<JudgedOrder>();
  const isBusy = state.work?.name === "judge";
  const judge = (chosen: readonly PathedFile[], isCompared = false) => {
    setFiles(chosen);
    const own = methodOf(state);
    const first = own === otherMethod ? "grad-cam" : own;
    const methods = isCompared ? ([first, otherMethod] as const) : undefined;
    setOrder(isCompared ? "disagreement" : undefined);
    void judgeFolder(explorer.store, { files: chosen, methods }, setFolder);
  };
  const byPath = useMemo(() => new Map(files.map((file) => [file.name, file])), [files]);
  const open = async (path: string) => {
    const file = byPath.get(path);
    if (!file) return;
    explorer.stop();
    onClose();
    await explorer.hand.look({ kind: "file", file: file.data });
  };
  return (
    <Dialog explorer={explorer} title={texts.folder} isBusy={isBusy} onClose={onClose}>
      <div
        class="folder"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          event.stopPropagation();
          if (event.dataTransfer) {
            void droppedFiles(event.dataTransfer).then((all) => judge(withTables(all, files)));
          }
        }}
      >
        <Choice onFiles={judge} isBusy={isBusy} dropped={state.dropped} judged={files} />
        <WentWrong state={state} />
        <Progress
          explorer={explorer}
          judged={folder.rows.length}
          total={folder.total || files.length}
        />
        {folder.rows.length > 0 && (
          <Judged
            folder={folder}
            files={byPath}
            model={state.model?.name ?? ""}
            order={
              order ?? (folder.rows.some(({ label }) => label !== undefined) ? "loss" : "doubt")
            }
            onOrder={setOrder}
            isBusy={isBusy}
            onCompare={() => judge(files, true)}
            onOpen={(path) => void open(path)}
          />
        )}
      </div>
    </Dialog>
  );
}

interface ProgressProps extends Pick<PaneProps, "explorer"> {
  readonly judged: number;
  readonly total: number;
}

/** How far it is, and how long it still takes. */
function Progress({ explorer, judged, total }: ProgressProps) {
  const texts = usePageTexts();
  const work = useWork(explorer.store);
  const left = work?.secondsLeft;
  return (
    <>
      <p class="progress" role="status">
        {work?.name === "judge" && `${texts.judging} ${judged} / ${total}`}
        {work?.name === "judge" &&
          left !== undefined &&
          `, ${Math.ceil(left)} ${texts.secondsLeft}`}
      </p>
      {work?.name === "judge" && (
        <button type="button" onClick={() => explorer.stop()}>
          {texts.stop} <kbd>Esc</kbd>
        </button>
      )}
    </>
  );
}

/** Tables alone are of the pictures that are judged already, in place of those before. */
function withTables(
  chosen: readonly PathedFile[],
  judged: readonly PathedFile[],
): readonly PathedFile[] {
  if (judged.length === 0 || !chosen.every(({ name }) => isTable(name))) return chosen;
  return [...judged.filter(({ name }) => !isTable(name)), ...chosen];
}

interface ChoiceProps {
  /** Pictures that were dropped on the page before, and tables that tell of them. */
  readonly dropped: readonly PathedFile[];
  /** What is judged now. */
  readonly judged: readonly PathedFile[];
  readonly isBusy: boolean;
  onFiles(files: readonly PathedFile[]): void;
}

function Choice({ onFiles, isBusy, dropped, judged }: ChoiceProps) {
  const texts = usePageTexts();
  const field = useRef<HTMLInputElement>(null);
  const table = useRef<HTMLInputElement>(null);
  return (
    <>
      <p class="hint">{texts.folderHint}</p>
      <span class="sorting">
        <button
          type="button"
          class="primary"
          disabled={isBusy}
          onClick={() => field.current?.click()}
        >
          {texts.chooseFolder}
        </button>
        {dropped.length > 1 && (
          <button type="button" disabled={isBusy} onClick={() => onFiles(dropped)}>
            {texts.judgeThese}
          </button>
        )}
        {judged.length > 0 && (
          <button type="button" disabled={isBusy} onClick={() => table.current?.click()}>
            {texts.chooseTable}
          </button>
        )}
      </span>
      <input
        ref={(element) => {
          field.current = element;
          element?.setAttribute("webkitdirectory", "");
        }}
        id="folder-files"
        type="file"
        multiple
        hidden
        onChange={(event) => {
          const chosen = [...(event.currentTarget.files ?? [])].map(pathed);
          event.currentTarget.value = "";
          if (chosen.length > 0) onFiles(chosen);
        }}
      />
      <input
        ref={table}
        id="folder-table"
        type="file"
        accept=".csv,.tsv"
        hidden
        onChange={(event) => {
          const chosen = [...(event.currentTarget.files ?? [])].map(pathed);
          event.currentTarget.value = "";
          if (chosen.length > 0) onFiles(withTables(chosen, judged));
        }}
      />
    </>
  );
}

interface JudgedProps {
  readonly folder: JudgedFolder;
  readonly files: ReadonlyMap<string, PathedFile>;
  readonly model: string;
  readonly order: JudgedOrder;
  readonly isBusy: boolean;
  onOrder(order: JudgedOrder): void;
  onCompare(): void;
  onOpen(path: string): void;
}

function Judged(props: JudgedProps) {
  const { folder, files, model, order, isBusy, onOrder, onCompare, onOpen } = props;
  const texts = usePageTexts();
  const say = useSaid();
  const [named, setNamed] = useState<number>();
  const shown = useMemo(
    () => sortedRows(rowsOfClass(folder.rows, named), order),
    [folder.rows, named, order],
  );
  const write = (ending: "csv" | "json", text: string) =>
    save({
      name: `judged.${ending}`,
      type: ending === "csv" ? "text/csv" : "application/json",
      bytes: new TextEncoder().encode(text),
    });
  return (
    <>
      <p class="summary">{useSummary(folder)}</p>
      {folder.unknown.length > 0 && (
        <p class="hint">
          {texts.unknownFolders} {folder.unknown.join(", ")}
        </p>
      )}
      {folder.notes.length > 0 && (
        <ul class="hint">
          {folder.notes.map((note) => (
            <li key={note} {...say(note)} />
          ))}
        </ul>
      )}
      <div class="sorting">
        <Order order={order} onOrder={onOrder} />
        <ClassFilter folder={folder} named={named} onNamed={setNamed} />
        <button type="button" disabled={isBusy} onClick={onCompare}>
          {texts.compareMethods}
        </button>
        <button type="button" onClick={() => write("csv", judgedCsv({ ...folder, rows: shown }))}>
          {texts.saveCsv}
        </button>
        <button
          type="button"
          onClick={() => write("json", judgedJson({ ...folder, rows: shown }, model))}
        >
          {texts.saveJson}
        </button>
      </div>
      <JudgedRows rows={shown} classes={folder.classes} files={files} onOpen={onOpen} />
    </>
  );
}

function Order({ order, onOrder }: Pick<JudgedProps, "order" | "onOrder">) {
  const texts = usePageTexts();
  return (
    <label>
      {texts.sortBy}
      <select
        id="judged-order"
        value={order}
        onChange={(event) => onOrder(event.currentTarget.value as JudgedOrder)}
      >
        {(["loss", "doubt", "disagreement", "name"] as const).map((each) => (
          <option key={each} value={each}>
            {texts.judgedOrders[each]}
          </option>
        ))}
      </select>
    </label>
  );
}

interface ClassFilterProps extends Pick<JudgedProps, "folder"> {
  readonly named: number | undefined;
  onNamed(named: number | undefined): void;
}

function ClassFilter({ folder, named, onNamed }: ClassFilterProps) {
  const texts = usePageTexts();
  const used = useMemo(() => usedClasses(folder), [folder]);
  return (
    <label>
      {texts.class}
      <select
        id="judged-class"
        value={named ?? ""}
        onChange={(event) => {
          const { value } = event.currentTarget;
          onNamed(value === "" ? undefined : Number(value));
        }}
      >
        <option value="">{texts.allClasses}</option>
        {used.map((each) => (
          <option key={each} value={each}>
            {folder.classes[each]}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Classes that are meant or predicted, in their order. */
function usedClasses({ rows }: JudgedFolder): readonly number[] {
  const found = new Set<number>();
  for (const { label, predicted } of rows) {
    if (label !== undefined) found.add(label);
    if (predicted !== undefined) found.add(predicted);
  }
  return [...found].toSorted((a, b) => a - b);
}

/** Accuracy and the most frequent confusion in one line. */
function useSummary(folder: JudgedFolder): string {
  const texts = usePageTexts();
  const found = useMemo(() => summaryOf(folder), [folder]);
  const failed = folder.rows.filter(({ failure }) => failure !== undefined).length;
  const unread = failed === 0 ? [] : [`${failed} ${texts.notJudged}`];
  if (!found) return [counted(folder.rows.length, texts.withoutLabels), ...unread].join(" · ");
  const { right, examples, accuracy, interval, worst } = found;
  const [low, high] = interval.map((share) => formatProsePercent(share));
  const { classes } = folder;
  const confusion = worst
    ? [
        `${texts.mostOften}: ${classes[worst.label]} → ${classes[worst.predicted]} (${worst.examples})`,
      ]
    : [];
  return [
    `${right} / ${examples} ${texts.right}, ${formatProsePercent(accuracy)} (${texts.interval} ${low} – ${high})`,
    ...confusion,
    ...unread,
  ].join(" · ");
}
