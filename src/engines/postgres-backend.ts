/** @file BullMQ's queues in Postgres. */
import type { PostgresConnectionOptions, PostgresQueueBackend } from "bullmq";
import { mostSilences, type BullBackend } from "./bull-server.ts";
import { optionalPackage } from "./optional-package.ts";
import { codeOf, isOfNetwork, type PatientServer } from "./patience.ts";

/** Connections of a queue, and milliseconds until one that does not come is a fault. */
const pool = { max: 2, connectionTimeoutMillis: 5000, keepAlive: true } as const;

/** Opens no connection yet. Throws `bad-option` where packages are missing. */
export async function postgresBackend(
  address: string,
  serverOf: (verdictOf: typeof postgresVerdict) => PatientServer,
): Promise<{ readonly backend: BullBackend; readonly server: PatientServer }> {
  const [{ Queue, Worker, createPostgresBackend }] = await optionalPackage(
    "queue",
    ["bullmq", "pg"],
    () => Promise.all([import("bullmq"), import("pg")]),
  );
  const server = serverOf(postgresVerdict);
  const heard = (fault: unknown) => server.heard(fault);
  const options = { connection: { ...pool, connectionString: address, migrate: true } };
  return {
    server,
    backend: {
      queue: async (name) => {
        const queue = new Queue<
          unknown,
          void,
          string,
          unknown,
          void,
          string,
          PostgresQueueBackend,
          PostgresConnectionOptions
        >(name, options, createPostgresBackend);
        queue.on("error", heard);
        return readied(queue);
      },
      worker: async (name, timing) => {
        const more = { ...timing, autorun: false, maxStalledCount: mostSilences };
        const worker = new Worker<
          unknown,
          void,
          string,
          PostgresQueueBackend,
          number,
          PostgresConnectionOptions
        >(name, undefined, { ...options, ...more }, createPostgresBackend);
        worker.on("error", heard);
        return readied(worker);
      },
      close: async () => {},
    },
  };
}

/** One that could not connect never will. */
async function readied<T extends { waitUntilReady(): Promise<unknown>; close(): Promise<void> }>(
  opened: T,
): Promise<T> {
  try {
    await opened.waitUntilReady();
    return opened;
  } catch (cause) {
    await opened.close().catch(() => undefined);
    throw cause;
  }
}

/** What a fault says of the server: states that end by themselves are those of its start, its end and its crowd. */
export function postgresVerdict(cause: unknown): "away" | "refuses" {
  const text = cause instanceof Error ? cause.message : "";
  const isAway =
    isOfNetwork(cause) ||
    /^(57P0[123]|53300|08\w{3})$/.test(codeOf(cause)) ||
    /^(Connection terminated|timeout exceeded when trying to connect)/i.test(text);
  return isAway ? "away" : "refuses";
}
