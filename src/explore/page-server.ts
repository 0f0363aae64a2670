/** @file The explorer's page and the files in its hand, served on this machine alone. */
import { createReadStream, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { LimpidError } from "../errors.ts";
import type { HandedFile } from "./handed-files.ts";
import { NetworkDoor, type NamedNetworks } from "./named-networks.ts";

/** A page that is served until it is closed. */
export interface ServedPage {
  readonly address: string;
  close(): Promise<void>;
}

interface KnownNetwork {
  /** By which the command knows it; undefined where that is its path. */
  readonly name?: string | undefined;
  /** What the catalog and files beside it say, by the keys of a model's metadata. */
  readonly metadata: ReadonlyMap<string, string>;
}

export interface PageRequest {
  /** The built page. */
  readonly folder: string;
  readonly handed: readonly HandedFile[];
  /** What is known of the network in hand beside its files. */
  readonly network?: KnownNetwork | undefined;
  /** What the page may ask for by name; nothing without. */
  readonly named?: NamedNetworks | undefined;
  /** 0 for any that is free. */
  readonly port: number;
}

const host = "127.0.0.1";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
  ".json": "application/json",
};

/**
 * Isolated, so that WebAssembly may use threads; what the page may load is said in the page itself. Throws `bad-file`
 * where there is no built page, and `bad-option` for a port that is taken.
 */
export async function servePage(request: PageRequest): Promise<ServedPage> {
  const { folder, named, port } = request;
  const paths = request.handed.map(({ path }) => path);
  const door = named && new NetworkDoor(named, (path) => paths.push(path) - 1);
  const html = await pageOf(request, door?.token);
  const server = createServer((asked, response) => {
    answer(asked, response, { folder, paths, html, door, port: portOf(server.address()) });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(portRefused(port, cause)));
    server.listen(port, host, resolve);
  });
  return {
    address: `http://${host}:${portOf(server.address())}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Served extends Pick<PageRequest, "folder" | "port"> {
  readonly html: string;
  /** Of the files in its hand. */
  readonly paths: readonly string[];
  readonly door: NetworkDoor | undefined;
}

function answer(request: IncomingMessage, response: ServerResponse, served: Served): void {
  response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
  response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
  response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Referrer-Policy", "no-referrer");
  response.setHeader("Cache-Control", "no-cache");
  // Another page may have its name lead here, and would read what is handed over.
  const asked = request.headers.host ?? "";
  const name = /^\/networks\/([\w.-]+)$/.exec(request.url ?? "")?.[1];
  if (asked !== `${host}:${served.port}` && asked !== `localhost:${served.port}`) {
    refuse(response, 403);
  } else if (name !== undefined && served.door) openDoor(request, response, served.door, name);
  else if (request.method !== "GET" && request.method !== "HEAD") refuse(response, 405);
  else send(response, request.url ?? "/", served);
}

function openDoor(
  request: IncomingMessage,
  response: ServerResponse,
  door: NetworkDoor,
  name: string,
): void {
  const refusal = door.refusalOf(request, name);
  if (refusal !== undefined) refuse(response, refusal);
  // What is no failure of the fetching is a fault of the program, and ends it.
  else void door.answer(name, response);
}

function send(response: ServerResponse, url: string, { folder, paths, html }: Served): void {
  const path = pathIn(url);
  if (path === "/" || path === "/index.html") {
    response.setHeader("Content-Type", types[".html"]!);
    response.end(html);
    return;
  }
  const number = /^\/handed\/(\d+)$/.exec(path)?.[1];
  const file = number === undefined ? join(folder, path) : paths[Number(number)];
  if (file === undefined || path.includes("..")) refuse(response, 404);
  else sendFile(response, file);
}

function pathIn(url: string): string {
  try {
    return normalize(decodeURIComponent(url.split(/[?#]/)[0]!)).replaceAll("\\", "/");
  } catch {
    // Percent signs that stand for no letter.
    return "..";
  }
}

function sendFile(response: ServerResponse, file: string): void {
  const info = statSync(file, { throwIfNoEntry: false });
  if (!info?.isFile()) {
    refuse(response, 404);
    return;
  }
  response.setHeader("Content-Type", types[extname(file)] ?? "application/octet-stream");
  response.setHeader("Content-Length", info.size);
  createReadStream(file)
    .on("error", () => response.destroy())
    .pipe(response);
}

function refuse(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.end();
}

/** The page, which is told what lies in its hand. */
async function pageOf(
  { folder, handed, network, named }: PageRequest,
  token: string | undefined,
): Promise<string> {
  let html: string;
  try {
    html = await readFile(join(folder, "index.html"), "utf8");
  } catch (cause) {
    throw new LimpidError(
      "bad-file",
      `explore: the page must be built, got none in "${folder}". run "npm run build:web".`,
      { cause },
    );
  }
  const known = network && { name: network.name, metadata: [...network.metadata] };
  const files = handed.map(({ name, role }) => ({ name, role }));
  const told = JSON.stringify({ files, known, named: named && { token, items: named.items } });
  const escaped = told.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return html.replace("</head>", () => `<meta name="limpid-handed" content="${escaped}" /></head>`);
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}

function portRefused(port: number, cause: Error): LimpidError {
  const reason = "code" in cause ? String(cause.code) : cause.message;
  return new LimpidError(
    "bad-option",
    `port: it must be free on this machine, got ${port} (${reason}). choose another, or 0 for any.`,
    { cause },
  );
}
