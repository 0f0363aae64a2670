/** @file Servers drawn at random, down to the bytes of their answers: the file, or one plain line. */
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LimpidError } from "../errors.ts";
import { download } from "./download.ts";

const contents = Buffer.from("the file of the catalog, byte for byte. ".repeat(40));
const sha256 = createHash("sha256").update(contents).digest("hex");

/** What is sent for one request after the other, and whether the line is cut behind it. */
interface Sent {
  readonly bytes: Buffer;
  readonly isCut: boolean;
}

let server: Server;
let answers: Sent[] = [];
let asked = 0;
const sockets = new Set<Socket>();

beforeAll(async () => {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    socket.on("data", () => {
      const sent = answers[asked % answers.length]!;
      asked += 1;
      socket.write(sent.bytes);
      if (sent.isCut) socket.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => server.close(resolve));
});

const status = fc.constantFrom(
  200,
  200,
  200,
  206,
  204,
  301,
  302,
  304,
  308,
  403,
  404,
  416,
  429,
  500,
  503,
  999,
);
const header = fc.constantFrom(
  "content-length: 1640",
  "content-length: 1600",
  "content-length: 5",
  "content-length: -1",
  "content-length: 99999999999999999999",
  "content-length: x",
  "transfer-encoding: chunked",
  "content-encoding: gzip",
  "content-encoding: br, gzip",
  "content-encoding: x-unknown",
  "content-type: text/html",
  "content-range: bytes 5-9/10",
  "content-range: bytes */1600",
  "content-range: nonsense",
  "location: /elsewhere",
  "location: file:///etc/passwd",
  "location: http://[",
  "location: //",
  "connection: close",
  'etag: "a"',
  "x-long: ".padEnd(20_000, "y"),
);
const body = fc.oneof(
  fc.constantFrom(contents, gzipSync(contents), contents.subarray(0, 700), contents.subarray(700)),
  fc.constant(Buffer.concat([contents, contents])),
  fc.constant(Buffer.from(`640\r\n${contents.toString()}\r\n0\r\n\r\n`)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
);
const httpAnswer = fc
  .record({ status, headers: fc.array(header, { maxLength: 3 }), body })
  .map((drawn) => {
    const head = [`HTTP/1.1 ${drawn.status} Status`, ...drawn.headers, "", ""].join("\r\n");
    return Buffer.concat([Buffer.from(head), drawn.body]);
  });
const noise = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
const sent = fc.record({
  bytes: fc.oneof({ weight: 6, arbitrary: httpAnswer }, noise),
  isCut: fc.boolean(),
});

test("whatever a server sends", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(sent, { minLength: 1, maxLength: 4 }),
      fc.constantFrom("net.onnx", "net.gz"),
      async (drawn, path) => {
        [answers, asked] = [drawn, 0];
        const folder = mkdtempSync(join(tmpdir(), "limpid-random-"));
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
        const file = { path, url, bytes: contents.length, sha256 };
        const target = join(folder, "file");
        try {
          const error = await download(file, target, { waitMs: 0, silenceMs: 60 }).then(
            () => undefined,
            (cause: unknown) => cause,
          );
          if (error === undefined) {
            expect(readdirSync(folder)).toEqual(["file"]);
            if (path === "net.onnx") expect(readFileSync(target).equals(contents)).toBe(true);
            return;
          }
          expect(error).toBeInstanceOf(LimpidError);
          expect(error).toMatchObject({ code: "bad-file" });
          expect((error as Error).message).not.toMatch(/\n/);
          expect(readdirSync(folder).filter((name) => name !== "file.part")).toEqual([]);
        } finally {
          rmSync(folder, { recursive: true });
        }
      },
    ),
    { numRuns: 150 },
  );
});
