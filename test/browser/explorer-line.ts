/** @file A line of a test's own to a worker of the explorer: the page's calls, without the page. */
import type { Page } from "playwright-core";
import type { OpenedModel, SeenPicture, ShownMap } from "../../web/protocol.ts";
import type { SortedFiles } from "../../web/files-protocol.ts";

/** What a call came to: `ok`, `hang`, or a code and what was said. */
interface Outcome {
  readonly call: string;
  readonly end: string;
  readonly said: string;
}

/** What came of files that were handed in. */
interface Handed {
  readonly outcomes: readonly Outcome[];
  /** Whether a network or a picture of theirs took the place of the one before. */
  readonly isTaken: boolean;
}

export interface Line {
  /** Has files sorted, opened and looked at, as the page does when they are dropped, and asks for what it shows of them. */
  hand(files: readonly (readonly [name: string, bytes: Uint8Array])[]): Promise<Handed>;
  /** What the network and the picture on the desk give, as a text. */
  shown(): Promise<string>;
  /** Opens a network of one file and looks at a drawn picture. */
  open(name: string, bytes: Uint8Array): Promise<void>;
}

/** So long no call of a small file takes, however busy the machine is. */
const hangMs = 60_000;

/** Starts another worker of the kind that the page has. */
export async function openLine(page: Page): Promise<Line> {
  const script = page.workers().map((worker) => worker.url());
  const url = script.find((each) => /\/worker-[^/]*\.js$/.test(each))!;
  await page.evaluate(startAsking, { url, hangMs });
  await page.evaluate(addCalls);
  const call = <T>(name: "hand" | "shown" | "open", ...given: readonly unknown[]) =>
    page.evaluate(
      ([called, values]) => {
        const { line } = globalThis as unknown as {
          line: Record<string, (...all: readonly unknown[]) => Promise<unknown>>;
        };
        return line[called]!(...values);
      },
      [name, given] as const,
    ) as Promise<T>;
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  return {
    hand: (files) =>
      call(
        "hand",
        files.map(([name, bytes]) => [name, text(bytes)]),
      ),
    shown: () => call("shown"),
    open: (name, bytes) => call("open", name, text(bytes)),
  };
}

interface Answer {
  readonly answer?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
}

/** Undefined where it hangs. */
type Ask = (call: string, asked: unknown) => Promise<Answer | undefined>;

/** In the page: calls of a worker as a global. */
function startAsking({ url, hangMs }: { readonly url: string; readonly hangMs: number }): void {
  const worker = new Worker(url, { type: "module", name: "limpid line wasm" });
  const waiting = new Map<number, (answer: Answer | undefined) => void>();
  let last = 0;
  worker.addEventListener("message", ({ data }: MessageEvent<Answer & { id: number }>) => {
    if ("answer" in data || "error" in data) waiting.get(data.id)?.(data);
  });
  const ask: Ask = (call, asked) =>
    new Promise((resolve) => {
      const id = ++last;
      const timer = setTimeout(() => resolve(undefined), hangMs);
      waiting.set(id, (answer) => {
        clearTimeout(timer);
        waiting.delete(id);
        resolve(answer);
      });
      worker.postMessage({ id, call, asked, side: "first" }, { transfer: [] });
    });
  Object.assign(globalThis, { ask });
}

/** In the page: what a test is given of the line. */
function addCalls(): void {
  const { ask } = globalThis as unknown as { readonly ask: Ask };
  const fileOf = ([name, base64]: readonly [string, string]) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.codePointAt(0)!);
    return { name, data: new File([bytes], name) };
  };
  const map = { method: "gradient", target: "top", layer: undefined, isChecked: false };
  const drawn = { kind: "drawn", number: 1 };

  const hand = async (files: readonly (readonly [string, string])[]): Promise<Handed> => {
    const outcomes: Outcome[] = [];
    let isTaken = false;
    const tell = async <T>(call: string, asked: unknown): Promise<T | undefined> => {
      const got = await ask(call, asked);
      const { code = "ok", message = "" } = got ? (got.error ?? {}) : { code: "hang" };
      const { notes = [] } = (got?.answer ?? {}) as { notes?: readonly string[] };
      outcomes.push({ call, end: code, said: [message, ...notes].join("\n") });
      return got?.answer as T | undefined;
    };
    const look = async (picture: unknown) => {
      if (!(await tell<SeenPicture>("look", picture))) return;
      isTaken = true;
      await tell("explain", map);
    };
    const sorted = await tell<SortedFiles>("sort", { files: files.map(fileOf), before: [] });
    const { pictures = [], parts = [], weights = [], beside = [] } = sorted ?? {};
    if (parts.length + weights.length + beside.length > 0) {
      const own = { kind: "files", files: [...parts, ...beside] };
      const mnist = { kind: "shipped", name: "mnist", names: beside[0] };
      const of = parts.length > 0 ? own : mnist;
      const model = await tell<OpenedModel>("open", { ...of, weights: weights[0] });
      if (model) {
        isTaken = true;
        await look(drawn);
        await tell("channels", { layer: model.layers.at(-1)?.name ?? "" });
      }
    }
    if (pictures[0]) await look({ kind: "file", file: pictures[0].data });
    return { outcomes, isTaken };
  };
  const shown = async () => {
    const { score, values } = ((await ask("explain", map))?.answer ?? {}) as Partial<ShownMap>;
    return JSON.stringify([score, values && [...values]]);
  };
  const open = async (name: string, base64: string) => {
    const model = await ask("open", { kind: "files", files: [fileOf([name, base64])] });
    const seen = await ask("look", drawn);
    if (!model?.answer || !seen?.answer) throw new Error(`line: ${JSON.stringify([model, seen])}`);
  };
  Object.assign(globalThis, { line: { hand, shown, open } });
}
