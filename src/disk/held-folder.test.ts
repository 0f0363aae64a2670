import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LimpidError } from "../errors.ts";
import { requireWritable, writeWhole } from "./files.ts";
import { holdFolder } from "./held-folder.ts";
import { thisRun } from "./runs.ts";

let folder = "";
const inFolder = (...parts: string[]) => join(folder, ...parts);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "limpid-held-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The number of a process that has ended. */
const ended = spawnSync(process.execPath, ["-e", ""]).pid;

async function messageOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error("nothing was thrown"),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LimpidError);
  expect(error).toMatchObject({ code: "bad-file" });
  return (error as LimpidError).message.replaceAll(folder, "");
}

const mark = (pid: number, place: string = thisRun.place) => JSON.stringify({ pid, place });

describe("one run at a time", () => {
  test("a folder is made, taken, and gone again if nothing was written", async () => {
    const out = inFolder("a", "b");
    const held = await holdFolder(out);
    expect(JSON.parse(readFileSync(join(out, ".limpid-running"), "utf8"))).toEqual(thisRun);
    await held.release();
    expect(existsSync(inFolder("a"))).toBe(false);
  });

  test("what was written stays, and nothing else", async () => {
    const held = await holdFolder(inFolder("out"));
    await writeWhole(inFolder("out", "results.json"), "{}");
    await held.release();
    expect(readdirSync(inFolder("out"))).toEqual(["results.json"]);
  });

  test("a second job of this process is refused, also by another path", async () => {
    symlinkSync(folder, `${folder}-link`);
    const held = await holdFolder(folder);
    expect(await messageOf(holdFolder(`${folder}-link`))).toContain("by one run at a time");
    await held.release();
    await (await holdFolder(`${folder}-link`)).release();
    rmSync(`${folder}-link`);
  });

  test("a process that goes on is waited for by nobody, one that has ended is followed", async () => {
    const other = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"]);
    writeFileSync(inFolder(".limpid-running"), mark(other.pid!));
    expect(await messageOf(holdFolder(folder))).toBe(
      `write: the folder "" must be written to by one run at a time, got process ${other.pid}, which has not ended. wait for it, or choose another folder.`,
    );
    other.kill("SIGKILL");
    await new Promise((resolve) => other.once("exit", resolve));
    await (await holdFolder(folder)).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("of processes that cannot be seen, the last sign of life counts, whatever the clock says", async () => {
    writeFileSync(inFolder(".limpid-running"), mark(7, "elsewher"));
    expect(await messageOf(holdFolder(folder))).toContain("got process 7");
    for (const hours of [-2, 2]) {
      writeFileSync(inFolder(".limpid-running"), mark(7, "elsewher"));
      const when = new Date(Date.now() + hours * 3600_000);
      utimesSync(inFolder(".limpid-running"), when, when);
      await (await holdFolder(folder)).release();
    }
  });

  test("a mark of this process's own number is of one before it, as in containers", async () => {
    writeFileSync(inFolder(".limpid-running"), mark(process.pid));
    await (await holdFolder(folder)).release();
    writeFileSync(inFolder(".limpid-running"), "");
    await (await holdFolder(folder)).release();
  });

  test("of many that begin at once, one is the first", async () => {
    writeFileSync(inFolder(".limpid-running"), mark(ended));
    const script = `
      import { holdFolder } from ${JSON.stringify(new URL("held-folder.ts", import.meta.url).href)};
      const held = await holdFolder(${JSON.stringify(folder)}).catch((error) => error.code);
      console.log(typeof held === "string" ? held : "held");
      setTimeout(() => {}, 60000);
    `;
    const tsx = createRequire(import.meta.url).resolve("tsx");
    const runs = Array.from({ length: 3 }, () =>
      spawn(process.execPath, ["--import", tsx, "--input-type=module", "-e", script]),
    );
    const said = await Promise.all(
      runs.map(
        (run) =>
          new Promise<string>((resolve) => {
            run.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
          }),
      ),
    );
    for (const run of runs) run.kill("SIGKILL");
    expect(said.toSorted()).toEqual(["bad-file", "bad-file", "held"]);
  });

  test("a run that slept leaves the mark of the one that followed it", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const path = inFolder("out", ".limpid-running");
      const isRenewed = () => statSync(path).mtimeMs > Date.now() - 3600_000;
      const held = await holdFolder(inFolder("out"));
      utimesSync(path, 0, 0);
      vi.advanceTimersByTime(10_000);
      await vi.waitUntil(isRenewed);
      writeFileSync(path, mark(7, "elsewher"));
      utimesSync(path, 0, 0);
      vi.advanceTimersByTime(10_000);
      await held.release();
      expect(readFileSync(path, "utf8")).toBe(mark(7, "elsewher"));
      expect(isRenewed()).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });

  test("what is no mark is left alone", async () => {
    writeFileSync(inFolder(".limpid-running"), "mine");
    expect(await messageOf(holdFolder(folder))).toContain("must be what a run puts there");
    expect(readFileSync(inFolder(".limpid-running"), "utf8")).toBe("mine");
    rmSync(inFolder(".limpid-running"));
    mkdirSync(inFolder(".limpid-running"));
    expect(await messageOf(holdFolder(folder))).toContain("must be what a run puts there");
  });

  test("a file in the place of the folder is named", async () => {
    writeFileSync(inFolder("out"), "");
    expect(await messageOf(holdFolder(inFolder("out")))).toContain(
      "a file in the place of a folder",
    );
  });
});

test("runs that try a place at once, and take its folders away again, do not hinder each other", async () => {
  const path = inFolder("new", "deep", "x.txt");
  await Promise.all(Array.from({ length: 40 }, () => requireWritable(path)));
  expect(readdirSync(folder)).toEqual([]);
});

describe("nothing leads out", () => {
  test("links to files and folders outside are refused, others are followed", async () => {
    const out = inFolder("out");
    mkdirSync(join(out, "inner"), { recursive: true });
    writeFileSync(inFolder("private.txt"), "");
    symlinkSync(inFolder("private.txt"), join(out, "results.json"));
    symlinkSync(folder, join(out, "pictures"));
    symlinkSync("inner", join(out, "charts"));
    const held = await holdFolder(out);
    for (const path of ["results.json", "pictures/a.png", "pictures/new/a.png", "../b.png"])
      expect(await messageOf(held.requireInside(join(out, path)))).toContain("a link out of it");
    for (const path of ["a.png", "charts/a.svg", "new/folder/a.svg", "inner"])
      await held.requireInside(join(out, path));
    await held.release();
  });
});

describe("what ended runs left", () => {
  const parts = (...names: string[]) => {
    for (const name of names) writeFileSync(inFolder(name), "half");
  };

  test("is removed at the next run, and nothing else", async () => {
    const other = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"]);
    const staying = [
      `.limpid-${other.pid}-1.part`,
      `.limpid-${other.pid}-2-${thisRun.place}.part`,
      `.limpid-${ended}-1-0123abcd.part`,
      ".limpid-notes.txt",
      ".limpid-1x-1.part",
      "mine.part",
      "limpid-1-1.part",
    ];
    parts(...staying, `.limpid-${ended}-1.part`, `.limpid-${ended}-12-${thisRun.place}.part`);
    parts(".limpid-4194399-1.part", ".limpid-9999999999-1.part", `.limpid-${process.pid}-1.part`);
    const old = new Date(Date.now() - 48 * 3600_000);
    utimesSync(inFolder(`.limpid-${process.pid}-1.part`), old, old);
    mkdirSync(inFolder(`.limpid-${ended}-3.part`));
    await writeWhole(inFolder("results.json"), "{}");
    other.kill("SIGKILL");
    const found = readdirSync(folder).toSorted();
    expect(found).toEqual([...staying, `.limpid-${ended}-3.part`, "results.json"].toSorted());
  });

  test("is removed in the folders of a folder of results", async () => {
    mkdirSync(inFolder("out", "layer", "deep"), { recursive: true });
    symlinkSync(folder, inFolder("out", "link"));
    const name = `.limpid-${ended}-1.part`;
    parts(name, `out/layer/${name}`, `out/layer/deep/${name}`, "out/layer/mine.part");
    await (await holdFolder(inFolder("out"))).release();
    expect(readdirSync(inFolder("out", "layer")).toSorted()).toEqual(["deep", "mine.part"]);
    expect(readdirSync(inFolder("out", "layer", "deep"))).toEqual([]);
    expect(existsSync(inFolder(name))).toBe(true);
  });

  test("of processes that cannot be seen, after a day", async () => {
    parts(".limpid-7-1-0123abcd.part", ".limpid-7-2-0123abcd.part");
    const old = new Date(Date.now() - 48 * 3600_000);
    utimesSync(inFolder(".limpid-7-2-0123abcd.part"), old, old);
    await writeWhole(inFolder("a"), "");
    expect(readdirSync(folder).toSorted()).toEqual([".limpid-7-1-0123abcd.part", "a"]);
  });
});
