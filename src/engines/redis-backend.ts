/** @file BullMQ's queues in Redis. */
import { mostSilences, type BullBackend } from "./bull-server.ts";
import { optionalPackage } from "./optional-package.ts";
import { isOfNetwork, type PatientServer } from "./patience.ts";

/** Milliseconds. */
const times = { connect: 5000, mostPause: 2000 } as const;

/** Opens no connection yet. Throws `bad-option` where packages are missing. */
export async function redisBackend(
  address: string,
  serverOf: (verdictOf: typeof redisVerdict) => PatientServer,
): Promise<{ readonly backend: BullBackend; readonly server: PatientServer }> {
  const [{ Queue, Worker }, { Redis }] = await optionalPackage("queue", ["bullmq", "ioredis"], () =>
    Promise.all([import("bullmq"), import("ioredis")]),
  );
  const server = serverOf(redisVerdict);
  const redis = new Redis(address, {
    // What is asked while the server restarts is answered when it is back.
    maxRetriesPerRequest: null,
    connectTimeout: times.connect,
    retryStrategy: (tries) => Math.min(100 * tries, times.mostPause),
  });
  const heard = (fault: unknown) => server.heard(fault);
  redis.on("error", heard);
  const options = { connection: redis };
  return {
    server,
    backend: {
      queue: async (name) => {
        const queue = new Queue<unknown, void>(name, options);
        queue.on("error", heard);
        await queue.waitUntilReady();
        return queue;
      },
      worker: async (name, timing) => {
        const more = { ...timing, autorun: false, maxStalledCount: mostSilences };
        const worker = new Worker<unknown, void>(name, undefined, { ...options, ...more });
        worker.on("error", heard);
        return worker;
      },
      close: async () => redis.disconnect(),
    },
  };
}

/** What a fault says of the server. */
export function redisVerdict(cause: unknown): "away" | "refuses" {
  const text = cause instanceof Error ? cause.message : "";
  const isAway = isOfNetwork(cause) || /^(LOADING|MASTERDOWN|Connection is closed)/.test(text);
  return isAway ? "away" : "refuses";
}
