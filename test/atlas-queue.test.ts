/** @file Workers on a queue, of which some are killed while the server restarts and a job fails: what they make is what one process makes. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { s3Store } from "../src/engines/s3-store.ts";
import {
  makeAlone,
  partsIn,
  running,
  siteAndParts,
  smallAtlas,
  untilAsked,
  type SmallAtlas,
} from "./atlas-parts.ts";
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
  makeAlone(small, at("alone"));
});
afterAll(async () => {
  await s3.stop();
  small.remove();
});

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
    expect(siteAndParts(at("queued")).site).toEqual(siteAndParts(at("alone")).site);
    expect(await partsIn(store)).toEqual(siteAndParts(at("alone")).parts);
    expect(existsSync(at("failed-2"))).toBe(true);
    await redis.stop();
  }, 60_000);
});

describe.skipIf(noRedis)(`an activation atlas on Redis${noRedis ? `, ${noRedis}` : ""}`, () => {
  test("two workers on a store make what one process makes", async () => {
    const own = await smallAtlas(30);
    const activationAtlas = ["features"];
    makeAlone(own, at("cells-alone"), { activationAtlas });
    const redis = await startRedis(at("redis-cells"), await freePort());
    const shared = { queue: redis.address, activationAtlas };
    const store = "s3://atlas/cells";
    const asked = { ...shared, out: at("cells"), store };
    const asker = running(process.execPath, own.argv("atlas", asked));
    await untilAsked(redis.address);
    const workers = Array.from({ length: 2 }, () =>
      running(process.execPath, own.argv("work", { ...shared, out: at("nowhere") })),
    );
    const codes = await Promise.all([asker, ...workers].map(({ code }) => code));
    const said = [asker, ...workers].map((each) => each.said()).join("");
    expect([codes, said]).toEqual([[0, 0, 0], said]);
    const alone = siteAndParts(at("cells-alone"));
    const kinds = ["places", "grid", "cells", "cell-patches", "cell-classes"];
    for (const kind of kinds)
      expect([...alone.parts.keys()].some((name) => name.startsWith(`parts/${kind}-`))).toBe(true);
    expect(siteAndParts(at("cells")).site).toEqual(alone.site);
    expect(await partsIn(store)).toEqual(alone.parts);
    await redis.stop();
    own.remove();
  }, 120_000);
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
    while (siteAndParts(at("folder")).parts.size < 3) await pause(20);
    workers[0]!.child.kill("SIGKILL");
    await postgres.stop();
    postgres = await startPostgres(at("postgres"), port);
    const codes = await Promise.all([asker, ...workers].map(({ code }) => code));
    const said = [asker, ...workers].map((each) => each.said()).join("");
    expect([codes, said]).toEqual([[0, null, 0], said]);
    expect(siteAndParts(at("folder"))).toEqual(siteAndParts(at("alone")));
    await postgres.stop();
  }, 60_000);
});
