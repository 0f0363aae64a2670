/** @file Three machines on a queue, of which one is cut off for three leases: they make what one process makes. */
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  makeAlone,
  partsIn,
  running,
  siteAndParts,
  smallAtlas,
  untilAsked,
  type SmallAtlas,
} from "./atlas-parts.ts";
import { s3Store } from "../src/engines/s3-store.ts";
import { noNamespaces, testNetwork, type TestNetwork } from "./network-namespaces.ts";
import {
  freePort,
  noRedis,
  s3Environment,
  startRedis,
  startS3,
  type TestServer,
} from "./servers.ts";

/** A minute in life, which is as long as a worker may be silent; seconds here. */
const leaseMs = 2000;
const why = noRedis ?? noNamespaces;
const listener = { signal: { aborted: false } };

describe.skipIf(why)(`machines of their own${why ? `, ${why}` : ""}`, () => {
  let small: SmallAtlas;
  let network: TestNetwork;
  let servers: readonly TestServer[] = [];
  const at = (name: string) => join(small.folder, name);

  beforeAll(async () => {
    small = await smallAtlas(500);
    network = testNetwork(3);
    const [s3Port, redisPort] = [await freePort(), await freePort()];
    Object.assign(process.env, s3Environment(s3Port, network.address));
    const s3 = await startS3(at("s3"), s3Port, network.address);
    servers = [s3, await startRedis(at("redis"), redisPort, network.address)];
    makeAlone(small, at("alone"));
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    network.remove();
    small.remove();
  });

  test("one is cut off in the midst of its work and comes back", async () => {
    const store = "s3://atlas/machines";
    const shared = { queue: servers[1]!.address, leaseMs };
    const asker = running(
      process.execPath,
      small.argv("atlas", { ...shared, out: at("queued"), store }),
    );
    await untilAsked(shared.queue);
    const workers = [0, 1, 2].map((i) => {
      const argv = small.argv("work", { ...shared, out: at("nowhere") });
      const [program, ...rest] = network.on(i, [process.execPath, ...argv]);
      return running(program!, rest);
    });
    const watched = await s3Store(store, listener);
    // It has opened the network by then, and looks for work.
    while (!workers[1]!.said().includes("usual preparations")) await pause(20);
    const before = (await watched.list()).length;
    network.setLine(1, "down");
    await pause(3 * leaseMs);
    const meanwhile = (await watched.list()).length;
    network.setLine(1, "up");
    const codes = await Promise.all([asker, ...workers].map(({ code }) => code));
    watched.close();
    const said = [asker, ...workers].map((each) => each.said()).join("");
    expect([codes, said]).toEqual([[0, 0, 0, 0], said]);
    expect(meanwhile, "the others go on").toBeGreaterThan(before);
    expect(workers[1]!.said()).toMatch(/does not answer[^]*answers again/);
    const alone = siteAndParts(at("alone"));
    expect(siteAndParts(at("queued")).site).toEqual(alone.site);
    expect(await partsIn(store)).toEqual(alone.parts);
  }, 120_000);
});
