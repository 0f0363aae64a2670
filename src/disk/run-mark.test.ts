/** @file Marks are put, renewed and removed by their own run alone, also on disks without links. */
import type * as FsPromises from "node:fs/promises";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { isMine, putMark, removeMark, renewMark, runOf, takeAside, textOf } from "./run-mark.ts";
import { thisRun } from "./runs.ts";

/** Code of the error that the disk answers links with; set by tests. */
let linkFailure: string | undefined;

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof FsPromises>();
  const link: typeof real.link = async (...given) => {
    if (linkFailure === undefined) return real.link(...given);
    throw Object.assign(new Error("no links"), { code: linkFailure });
  };
  return { ...real, link };
});

let folder = "";
const mark = () => join(folder, "mark");
const written = () => readFileSync(mark(), "utf8");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "limpid-mark-"));
});
afterEach(() => {
  linkFailure = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const own = JSON.stringify(thisRun);
const others = JSON.stringify({ pid: 7, place: "elsewher" });

describe("what a mark says", () => {
  test("its text, whatever lies there, and never more than a mark has", async () => {
    expect(await textOf(mark())).toBeUndefined();
    writeFileSync(mark(), others);
    expect(await textOf(mark())).toBe(others);
    expect(runOf(others)).toEqual({ pid: 7, place: "elsewher" });
    writeFileSync(mark(), others.padEnd(2 ** 20));
    expect(runOf((await textOf(mark()))!)).toBeUndefined();
    rmSync(mark());
    mkdirSync(mark());
    expect(runOf((await textOf(mark()))!)).toBeUndefined();
  });

  test("is of this run by number and place", () => {
    expect(isMine(own)).toBe(true);
    for (const text of [others, JSON.stringify({ ...thisRun, place: "elsewher" }), "", "mine"])
      expect(isMine(text)).toBe(false);
  });
});

test("one is renewed and removed if it is this run's", async () => {
  expect(await putMark(mark())).toBe(true);
  utimesSync(mark(), 0, 0);
  expect(await renewMark(mark())).toBe(true);
  expect(statSync(mark()).mtimeMs).toBeGreaterThan(Date.now() - 60_000);
  await removeMark(mark());
  expect(readdirSync(folder)).toEqual([]);
});

test("another's is neither renewed nor removed", async () => {
  writeFileSync(mark(), others);
  utimesSync(mark(), 0, 0);
  expect(await renewMark(mark())).toBe(false);
  await removeMark(mark());
  expect(written()).toBe(others);
  expect(statSync(mark()).mtimeMs).toBe(0);
});

test("one that is gone is not this run's any more", async () => {
  expect(await renewMark(mark())).toBe(false);
  await removeMark(mark());
  expect(existsSync(mark())).toBe(false);
});

describe.each([undefined, "ENOTSUP", "EPERM"])("on disks that answer links with %s", (failure) => {
  beforeEach(() => {
    linkFailure = failure;
  });

  test("one is put where there is none", async () => {
    expect(await putMark(mark())).toBe(true);
    expect(written()).toBe(own);
    writeFileSync(mark(), others);
    expect(await putMark(mark())).toBe(false);
    expect(written()).toBe(others);
  });

  test("an ended run's goes, and leaves nothing", async () => {
    writeFileSync(mark(), others);
    await takeAside(mark(), async (aside) => (await textOf(aside)) === others);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("what another put there meanwhile goes back", async () => {
    writeFileSync(mark(), others);
    await takeAside(mark(), async () => false);
    expect(readdirSync(folder)).toEqual(["mark"]);
    expect(written()).toBe(others);
  });

  test("a third's that has the place by then stays", async () => {
    writeFileSync(mark(), others);
    await takeAside(mark(), async () => {
      expect(await putMark(mark())).toBe(true);
      return false;
    });
    expect(readdirSync(folder)).toEqual(["mark"]);
    expect(written()).toBe(own);
  });
});

test("errors of the disk are thrown, and nothing stays", async () => {
  linkFailure = "EIO";
  await expect(putMark(mark())).rejects.toMatchObject({ code: "EIO" });
  expect(readdirSync(folder)).toEqual([]);
});
