/** @file Parts as objects of an S3 bucket, or of whatever speaks like one. */
import type * as S3 from "@aws-sdk/client-s3";
import type { PartRange, PartStore } from "../atlas/jobs/part-store.ts";
import { partsFolder } from "../atlas/jobs/part-store.ts";
import { LimpidError } from "../errors.ts";
import { optionalPackage } from "./optional-package.ts";
import { isOfNetwork, PatientServer, type Listener, type Patience } from "./patience.ts";

/** Milliseconds. */
const times = { connectionTimeout: 5000, requestTimeout: 60_000 } as const;

/** A store at an address. */
export interface S3Store extends PartStore {
  readonly address: string;
  close(): void;
}

interface Place {
  readonly bucket: string;
  /** Ends with "/" unless it is empty. */
  readonly prefix: string;
}

/**
 * Opens `s3://bucket/prefix`; server and keys are those that AWS's own programs take from the environment. An object is there whole or
 * not at all, and all parts are listed in one question for each thousand. Throws `bad-option` for another address.
 */
export async function s3Store(
  address: string,
  listener: Listener,
  patience?: Patience,
): Promise<S3Store> {
  const { bucket, prefix } = placeOf(address);
  const s3 = await optionalPackage(
    "store",
    ["@aws-sdk/client-s3"],
    () => import("@aws-sdk/client-s3"),
  );
  const client = clientOf(s3.S3Client);
  const server = new PatientServer({ where: "store", name: address }, listener, verdict, patience);
  const at = (part: string) => ({ Bucket: bucket, Key: prefix + part });
  return {
    address,
    close: () => client.destroy(),
    list: () => server.ask(() => listed(s3, client, { bucket, prefix })),
    has: (part) =>
      server
        .ask(() => present(client.send(new s3.HeadObjectCommand(at(part))).then(() => true)))
        .then(Boolean),
    read: (part, range) =>
      server.ask(() =>
        present(
          client
            .send(new s3.GetObjectCommand({ ...at(part), ...rangeOf(range) }))
            .then(({ Body }) => Body!.transformToByteArray()),
        ),
      ),
    write: (part, bytes) =>
      server.ask(async () => {
        await client.send(
          new s3.PutObjectCommand({ ...at(part), Body: bytes, ContentLength: bytes.length }),
        );
      }),
  };
}

function rangeOf(range: PartRange | undefined): Pick<S3.GetObjectCommandInput, "Range"> {
  return range ? { Range: `bytes=${range.first}-${range.first + range.length - 1}` } : {};
}

function placeOf(address: string): Place {
  const [, bucket, path = ""] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(address) ?? [];
  const prefix = path.replace(/\/+$/, "");
  if (bucket !== undefined) return { bucket, prefix: prefix === "" ? "" : `${prefix}/` };
  throw new LimpidError(
    "bad-option",
    `store: the address must be s3://BUCKET or s3://BUCKET/PREFIX, got "${address}".`,
  );
}

function clientOf(Client: typeof S3.S3Client): S3.S3Client {
  const own = process.env["AWS_ENDPOINT_URL_S3"] ?? process.env["AWS_ENDPOINT_URL"];
  return new Client({
    // Servers of one's own have one name for all buckets.
    ...(own === undefined ? {} : { endpoint: own, forcePathStyle: true }),
    region: process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"] ?? "us-east-1",
    requestHandler: times,
    // Newer checksums are beyond what many servers know.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
}

async function listed(
  s3: typeof S3,
  client: S3.S3Client,
  { bucket, prefix }: Place,
): Promise<readonly string[]> {
  const parts: string[] = [];
  const asked = { Bucket: bucket, Prefix: `${prefix}${partsFolder}/` };
  for await (const page of s3.paginateListObjectsV2({ client }, asked))
    for (const { Key } of page.Contents ?? [])
      if (Key !== undefined) parts.push(Key.slice(prefix.length));
  return parts;
}

/** Undefined where there is no such object; a bucket that is not there is a fault. */
async function present<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : "";
    if (name === "NoSuchKey" || name === "NotFound") return undefined;
    throw cause;
  }
}

/** Faults of the network and of the server itself go by themselves; what it says of the request does not. */
function verdict(cause: unknown): "away" | "refuses" {
  if (isOfNetwork(cause)) return "away";
  const status =
    cause instanceof Error && "$metadata" in cause
      ? (cause.$metadata as { readonly httpStatusCode?: number }).httpStatusCode
      : undefined;
  const isTimeout = cause instanceof Error && cause.name === "TimeoutError";
  return isTimeout || (status !== undefined && (status >= 500 || status === 429))
    ? "away"
    : "refuses";
}
