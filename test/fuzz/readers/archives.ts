/** @file Readers of what comes over the line and what fetches leave on disk: archives, answers, digests, marks. */
import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BrokenZip, zipDirectory, zipEntries } from "../../../src/formats/zip.ts";
import { bodyOf } from "../../../src/fetch/answer.ts";
import { faultOf } from "../../../src/fetch/file-digest.ts";
import { withLock } from "../../../src/fetch/fetch-lock.ts";
import { folderFault, sumsPath } from "../../../src/fetch/folder-sums.ts";
import { unpack } from "../../../src/fetch/unpack.ts";
import { holdFolder } from "../../../src/disk/held-folder.ts";
import { bytesOf, corpusOf, textOf } from "../corpus.ts";
import { mutateGzip, mutateIdx } from "../mutations/headers.ts";
import { mutateJson } from "../mutations/json.ts";
import { mutateText } from "../mutations/text.ts";
import { mutateZip } from "../mutations/zip.ts";
import type { Reader } from "../reader.ts";

const unknown = { bytes: 792, sha256: "0".repeat(64) } as const;

const remote = {
  path: "a.bin",
  url: "https://example.com/a.bin",
  bytes: 1000,
  sha256: "0".repeat(64),
} as const;

const answers = [
  "200\ncontent-length: 1000\ncontent-type: application/octet-stream",
  "206\ncontent-length: 500\ncontent-range: bytes 500-999/1000",
  "200\ncontent-encoding: gzip\ntransfer-encoding: chunked",
] as const;

const statuses = ["200", "206", "204", "404", "416", "429", "500", "503"] as const;

export const archiveReaders: readonly Reader[] = [
  {
    name: "zip-directory",
    share: 8,
    seeds: () => corpusOf("zip"),
    mutate: mutateZip,
    read: (bytes) => {
      const { start, length, count } = zipDirectory(bytes, bytes.length);
      return zipEntries(bytes.subarray(start, start + length), count).length > 0;
    },
    isRefusal: (error) => error instanceof BrokenZip,
  },
  {
    name: "zip",
    share: 1.5,
    seeds: () => corpusOf("zip"),
    mutate: mutateZip,
    read: async (bytes, { folder }) => {
      const path = join(folder, "set.zip");
      await writeFile(path, bytes);
      await unpack(path, join(folder, "set"), { prefix: "set/", count: 3 });
      return true;
    },
  },
  {
    name: "digest",
    share: 0.7,
    seeds: () => corpusOf("gzip"),
    mutate: mutateGzip(mutateIdx),
    read: async (bytes, { folder, number }) => {
      const name = number % 2 === 0 ? "a.gz" : "a";
      await writeFile(join(folder, name), bytes);
      await faultOf(join(folder, name), { ...unknown, path: name });
      return true;
    },
  },
  {
    name: "folder-sums",
    share: 0.7,
    seeds: () => [bytesOf(`${"0".repeat(64)}  a.jpg\n${"1".repeat(64)}  b/c.jpg\n`)],
    mutate: mutateText,
    read: async (bytes, { folder }) => {
      await mkdir(join(folder, "set"), { recursive: true });
      await writeFile(join(folder, "set", "a.jpg"), "a");
      await writeFile(sumsPath(join(folder, "set")), bytes);
      return (await folderFault(join(folder, "set"), 2)) !== undefined;
    },
  },
  {
    name: "fetch-lock",
    share: 0.1,
    seeds: () => [bytesOf("0123abcd 999999999 2f0c6c5e"), bytesOf("")],
    mutate: mutateText,
    read: async (bytes, { folder }) => {
      await writeFile(join(folder, ".lock"), bytes);
      return withLock(join(folder, ".lock"), { deadMs: 0 }, async () => true);
    },
  },
  {
    name: "held-folder",
    share: 0.5,
    seeds: () => [bytesOf('{"pid":999999999,"place":"0123abcd"}')],
    mutate: mutateJson,
    read: async (bytes, { folder }) => {
      const mark = join(folder, ".limpid-running");
      await writeFile(mark, bytes);
      await utimes(mark, 0, 0);
      const held = await holdFolder(folder);
      await held.release();
      return true;
    },
  },
  {
    name: "answer",
    share: 2,
    seeds: () => answers.map(bytesOf),
    mutate: (bytes, draw) =>
      draw.chance(0.8)
        ? mutateText(bytes, draw)
        : bytesOf(textOf(bytes).replace(/^\d+/, draw.of(statuses))),
    read: async (bytes) => {
      const answer = answerOf(textOf(bytes));
      if (!answer) return false;
      const body = bodyOf(
        { head: answer, chunks: answer.body ?? undefined },
        remote,
        answer.status === 206 ? 500 : 0,
      );
      let done = body.start;
      for await (const chunk of body.chunks) {
        done += chunk.length;
        body.requireLength(done);
      }
      body.requireEnd(done);
      return true;
    },
    // Errors of the line are plain ones, and a mistake of ours is a kind of its own.
    isRefusal: (error) =>
      !(error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError),
  },
];

/** An answer as a server may give it; undefined where none can be like that. */
function answerOf(text: string): Response | undefined {
  const [status = "", ...lines] = text.split("\n");
  const headers = lines.map((line) => line.split(/: ?(.*)/s).slice(0, 2) as [string, string]);
  try {
    const isEmpty = ["204", "205", "304"].includes(status.trim());
    const body = new Uint8Array(status === "206" ? 500 : 1000);
    return new Response(isEmpty ? null : body, { status: Number(status), headers });
  } catch {
    return undefined;
  }
}
