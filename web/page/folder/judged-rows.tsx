/** @file The rows of a judged folder: of thousands only those in sight are there. */
import { useEffect, useRef, useState } from "preact/hooks";
import { formatNumber, formatProbability } from "../../../src/wording/numbers.ts";
import type { JudgedRow } from "../../judge-protocol.ts";
import type { PathedFile } from "../../files-protocol.ts";
import { isWrong } from "./judged-list.ts";
import { usePageTexts } from "../frame/settings.tsx";

interface JudgedRowsProps {
  readonly rows: readonly JudgedRow[];
  readonly classes: readonly string[];
  readonly files: ReadonlyMap<string, PathedFile>;
  onOpen(path: string): void;
}

/** Of a row, in pixels; as in the style sheet. */
const rowPx = 64;

/** Rows that are there above and below those in sight. */
const spare = 4;

const pageRows = 6;

/** Arrows, Home and End move the choice, Enter opens it. */
export function JudgedRows({ rows, classes, files, onOpen }: JudgedRowsProps) {
  const texts = usePageTexts();
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [chosen, setChosen] = useState(0);
  const heightPx = list.current?.clientHeight ?? pageRows * rowPx;
  const first = Math.max(Math.floor(top / rowPx) - spare, 0);
  const last = Math.min(Math.ceil((top + heightPx) / rowPx) + spare, rows.length);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = stepOf(event.key, rows.length);
    if (event.key === "Enter" && rows[chosen]) onOpen(rows[chosen].path);
    if (step === undefined) return;
    event.preventDefault();
    const to = Math.min(Math.max(chosen + step, 0), rows.length - 1);
    setChosen(to);
    if (list.current) bringIntoSight(list.current, to);
  };
  return (
    <div
      ref={list}
      class="judged"
      role="listbox"
      tabIndex={0}
      aria-label={texts.folder}
      aria-activedescendant={chosen >= first && chosen < last ? `judged-${chosen}` : undefined}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ height: `${rowPx * rows.length}px` }}>
        {rows.slice(first, last).map((row, i) => (
          <div
            key={row.path}
            id={`judged-${first + i}`}
            role="option"
            aria-selected={first + i === chosen}
            aria-posinset={first + i + 1}
            aria-setsize={rows.length}
            class={isWrong(row) || row.failure !== undefined ? "row is-wrong" : "row"}
            style={{ top: `${rowPx * (first + i)}px` }}
            onClick={() => onOpen(row.path)}
          >
            <Thumbnail file={files.get(row.path)} />
            <RowText row={row} classes={classes} />
          </div>
        ))}
      </div>
    </div>
  );
}

/** How many rows a key goes on; undefined where it goes nowhere. */
function stepOf(key: string, count: number): number | undefined {
  const steps = new Map([
    ["ArrowDown", 1],
    ["ArrowUp", -1],
    ["PageDown", pageRows],
    ["PageUp", -pageRows],
    ["Home", -count],
    ["End", count],
  ]);
  return steps.get(key);
}

function bringIntoSight(list: HTMLElement, row: number): void {
  const [top, bottom] = [row * rowPx, (row + 1) * rowPx];
  if (top < list.scrollTop) list.scrollTop = top;
  if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
}

function RowText({ row, classes }: { readonly row: JudgedRow } & Pick<JudgedRowsProps, "classes">) {
  const texts = usePageTexts();
  const { path, label, predicted, confidence, loss, disagreement, failure } = row;
  const answer = predicted === undefined ? "" : (classes[predicted] ?? "");
  const sure = confidence === undefined ? "" : ` ${formatProbability(confidence)}`;
  const meant = label === undefined || !isWrong(row) ? "" : `, ${texts.meant} ${classes[label]}`;
  const numbers = [
    ...(loss === undefined ? [] : [`${texts.loss} ${formatNumber(loss)}`]),
    ...(disagreement === undefined ? [] : [`${texts.disagreement} ${formatNumber(disagreement)}`]),
  ];
  return (
    <>
      <span class="answer">
        <strong>{failure === undefined ? `${answer}${sure}` : texts.cannotRead}</strong>
        {meant}
      </span>
      <span class="numbers">{failure ?? numbers.join(" · ")}</span>
      <span class="path">{path}</span>
    </>
  );
}

const thumbnailPx = 56;

/** Decoded when its row comes into sight, at its own small size. */
function Thumbnail({ file }: { readonly file: PathedFile | undefined }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let isGone = false;
    const draw = async () => {
      if (!file) return;
      const bitmap = await createImageBitmap(file.data);
      const { current } = canvas;
      if (!isGone && current) {
        const times = Math.min(thumbnailPx / bitmap.width, thumbnailPx / bitmap.height);
        current.width = Math.max(Math.round(bitmap.width * times), 1);
        current.height = Math.max(Math.round(bitmap.height * times), 1);
        current.getContext("2d")?.drawImage(bitmap, 0, 0, current.width, current.height);
      }
      bitmap.close();
    };
    // What cannot be decoded says so in its row.
    draw().catch(() => undefined);
    return () => {
      isGone = true;
    };
  }, [file]);
  return <canvas ref={canvas} width={1} height={1} aria-hidden="true" />;
}
