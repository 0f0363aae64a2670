/** @file Workers on a queue, of which some are killed while the server restarts and a job fails: what they make is what one process makes. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openQueue } from "../src/engines/open.ts";
import { s3Store } from "../src/engines/s3-store.ts";
import { filesOf } from "./atlas-files.ts";
import { running, smallAtlas, type SmallAtlas } from "./atlas-parts.ts";
import {
  freePort,
  noPostgres,
  noRedis,
  s3Environment,
  startPostgres,
  startRedis,
  startS3,
  type TestServer,
} from "./servers.ts";

let small: SmallAtlas;
let s3: TestServer;
const at = (...names: readonly string[]) => join(small.folder, ...names);
const listener = { signal: { aborted: false } };
/** A minute in life; in seconds here, so that a killed worker's job is anybody's soon. */
const leaseMs = 2000;

beforeAll(async () => {
  small = await smallAtlas(500);
  const port = await freePort();
  s3 = await startS3(at("s3"), port);
  Object.assign(process.env, s3Environment(port));
  const alone = spawnSync(process.execPath, small.argv("atlas", { out: at("alone") }), {
    encoding: "utf8",
  });
  if (alone.status !== 0) throw new Error(alone.stderr);
});
afterAll(async () => {
  await s3.stop();
  small.remove();
});

/** Files of the site, and the parts, which may lie elsewhere. */
function siteAndParts(out: string) {
  const all = [...filesOf(at(out))];
  return {
    site: new Map(all.filter(([name]) => !name.startsWith("parts/"))),
    parts: new Map(all.filter(([name]) => name.startsWith("parts/") && !/request-/.test(name))),
  };
}

async function partsIn(address: string): Promise<ReadonlyMap<string, string>> {
  const store = await s3Store(address, listener);
  const found = new Map<string, string>();
  for (const part of (await store.list()).toSorted()) {
    if (part.includes("request-")) continue;
    // oxlint-disable-next-line no-await-in-loop -- a few small files
    found.set(part, Buffer.from((await store.read(part))!).toString("base64"));
  }
  store.close();
  return found;
}

async function untilAsked(queue: string): Promise<void> {
  const server = await openQueue(queue, listener);
  while ((await server.requests()).length === 0) await pause(50);
  await server.close();
}

describe.skipIf(noRedis)(`on Redis${noRedis ? `, ${noRedis}` : ""}`, () => {
  test("four workers, two killed, the server restarted, a job that fails twice", async () => {
    const port = await freePort();
    let redis = await startRedis(at("redis"), port);
    const store = "s3://atlas/redis";
    const failing = { photo: "350.png", mark: at("failed"), times: 2 };
    const shared = { queue: redis.address, leaseMs, failing };
    const asker = running(
      process.execPath,
      small.argv("atlas", { ...shared, out: at("queued"), store }),
    );
    await untilAsked(redis.address);
    const workers = Array.from({ length: 4 }, () =>
      running(process.execPath, small.argv("work", { ...shared, out: at("nowhere") })),
    );
    const watched = await s3Store(store, listener);
    const untilParts = async (count: number) => {
      while ((await watched.list()).length < count) await pause(20);
    };
    await untilParts(3);
    workers[0]!.child.kill("SIGKILL");
    await untilParts(4);
    workers[1]!.child.kill("SIGKILL");
    await redis.stop();
    await pause(1500);
    redis = await startRedis(at("redis"), port);
    const codes = await Promise.all([asker, ...workers].map(({ code }) => code));
    const said = [asker, ...workers].map((each) => each.said()).join("");
    expect([codes, said]).toEqual([[0, null, null, 0, 0], said]);
    expect(said).toContain("does not answer (ECONNREFUSED); waiting");
    expect(siteAndParts("queued").site).toEqual(siteAndParts("alone").site);
    expect(await partsIn(store)).toEqual(siteAndParts("alone").parts);
    expect(existsSync(at("failed-2"))).toBe(true);
    await redis.stop();
  }, 60_000);
});

describe.skipIf(noPostgres)(`on Postgres${noPostgres ? `, ${noPostgres}` : ""}`, () => {
  test("two workers in a shared folder, one killed, the server restarted", async () => {
    const port = await freePort();
    spawnSync("chmod", ["755", at()]);
    let postgres = await startPostgres(at("postgres"), port);
    const shared = { queue: postgres.address, leaseMs, out: at("folder") };
    const asker = running(process.execPath, small.argv("atlas", shared));
    await untilAsked(postgres.address);
    const workers = Array.from({ length: 2 }, () =>
      running(process.execPath, small.argv("work", shared)),
    );
    while (siteAndParts("folder").parts.size < 3) await pause(20);
    workers[0]!.child.kill("SIGKILL");
    await postgres.stop();
    postgres = await startPostgres(at("postgres"), port);
    const codes = await Promise.all([asker, ...workers].map(({ code }) => code));
    const said = [asker, ...workers].map((each) => each.said()).join("");
    expect([codes, said]).toEqual([[0, null, 0], said]);
    expect(siteAndParts("folder")).toEqual(siteAndParts("alone"));
    await postgres.stop();
  }, 60_000);
});
