/**
 * @file `npm run bench -- faults [NAME]`: what goes wrong around a command, each with the exit code and the one line that it must
 * end in. Needs bash; what needs the rights of root is left out without them, and said.
 */
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { drawPetPhotos } from "./pet-photos.ts";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const network = fileURLToPath(new URL("../assets/networks/cats-dogs.onnx", import.meta.url));

/** A line of bash in a folder with m.onnx and photos/, where `limpid` is the command; MIRROR is the server below. */
interface Fault {
  readonly script: string;
  readonly code: number;
  /** The one line on standard error, notes aside; none without it. */
  readonly says?: RegExp;
  readonly needsRoot?: boolean;
}

const aMap = "limpid attribute m.onnx photos/pet-0.png --json";
const fetching = (path: string) =>
  `XDG_CACHE_HOME=$PWD/cache LIMPID_MIRROR=$MIRROR/${path} limpid fetch mobilenetv2`;
const unreachable = /^limpid: fetch: /;

export const faults: Readonly<Record<string, Fault>> = {
  "full standard output": { script: `${aMap} > /dev/full`, code: 1, says: /writable, got ENOSPC/ },
  "full disk": {
    script: `mkdir tiny; mount -t tmpfs -o size=64k tmpfs tiny; limpid attribute m.onnx photos/pet-0.png --out tiny/out; code=$?; umount tiny; exit $code`,
    code: 1,
    says: /write: .*(ENOSPC|space|full)/i,
    needsRoot: true,
  },
  "read-only place": {
    script: "limpid attribute m.onnx photos/pet-0.png --out /sys/limpid/x.png",
    code: 1,
    says: /write: "\/sys/,
  },
  "file in place of a folder": {
    script:
      'echo mine > out; limpid attribute m.onnx photos --out out; code=$?; test "$(cat out)" = mine && exit $code',
    code: 1,
    says: /out/,
  },
  "reader that goes away": {
    script: `limpid inspect m.onnx | head -c 1; exit \${PIPESTATUS[0]}`,
    code: 0,
  },
  "closed standard output": { script: "limpid inspect m.onnx >&-", code: 0 },
  "closed standard error": { script: "limpid inspect m.onnx > /dev/null 2>&-", code: 0 },
  "no HOME": {
    script: "env -u HOME -u XDG_CACHE_HOME $LIMPID inspect m.onnx > /dev/null",
    code: 0,
  },
  "HOME that cannot be written": {
    script:
      "env -u XDG_CACHE_HOME HOME=/proc/none LIMPID_MIRROR= $LIMPID fetch mobilenetv2 --offline",
    code: 1,
    says: /^limpid: fetch: /,
  },
  "few open files": {
    script: "ulimit -n 64; limpid attribute m.onnx photos --out out > /dev/null",
    code: 0,
  },
  "small files only": {
    script:
      "ulimit -f 4; limpid attribute m.onnx photos/pet-0.png --out out.png; code=$?; test ! -e out.png && exit $code",
    code: 1,
    says: /write: .*out\.png/,
  },
  "little memory": { script: `${aMap} --memory-limit 60m`, code: 1, says: /--memory-limit/ },
  "little time": {
    script: "limpid study --quick --offline --out study --time-limit 2s 2> >(grep -v ^note >&2)",
    code: 1,
    says: /--time-limit/,
  },
  "two at once": {
    script:
      "limpid study --quick --offline --out both > /dev/null 2>&1 & first=$!; sleep 1; limpid study --quick --offline --out both 2> >(grep -v ^note >&2); second=$?; wait $first || exit 9; exit $second",
    code: 1,
    says: /both/,
  },
  "clock that goes back": {
    script: `echo 'let n = 4e12; Date.now = () => (n -= 1e6);' > back.mjs; NODE_OPTIONS="--import $PWD/back.mjs" limpid attribute m.onnx photos --out out > /dev/null`,
    code: 0,
  },
  "Ctrl-C": {
    script:
      "$LIMPID study --offline --out study 2> >(grep -v ^note >&2) & sleep 2; kill -INT $!; wait $!",
    code: 130,
    says: /stopped/,
  },
  "truncated model": {
    script: "head -c 5000 m.onnx > t.onnx; limpid inspect t.onnx",
    code: 1,
    says: /"t\.onnx"/,
  },
  "text called .png": {
    script: "echo hi > p.png; limpid attribute m.onnx p.png",
    code: 1,
    says: /p\.png/,
  },
  "unknown layer": { script: `${aMap} --layer none`, code: 1, says: /layer/ },
  "damaged file in the cache": {
    script:
      "mkdir -p cache/limpid/weights/mobilenetv2; head -c 13966334 /dev/zero > cache/limpid/weights/mobilenetv2/mobilenet_v2_1.0_224.onnx; XDG_CACHE_HOME=$PWD/cache LIMPID_MIRROR= limpid fetch mobilenetv2 --offline",
    code: 1,
    says: unreachable,
  },
  "server that is silent": { script: fetching("silent"), code: 1, says: unreachable },
  "server with 500s": { script: fetching("500"), code: 1, says: unreachable },
  "file that is cut off": { script: fetching("cut"), code: 1, says: unreachable },
  "file without an end": { script: fetching("endless"), code: 1, says: unreachable },
  "file that is another": { script: fetching("other"), code: 1, says: unreachable },
  "redirects in a circle": { script: fetching("circle"), code: 1, says: unreachable },
  "page in place of a file": { script: fetching("page"), code: 1, says: unreachable },
  "server that is not there": {
    script: "XDG_CACHE_HOME=$PWD/cache LIMPID_MIRROR=http://127.0.0.1:9 limpid fetch mobilenetv2",
    code: 1,
    says: unreachable,
  },
  "mirror that is not there": {
    script: "XDG_CACHE_HOME=$PWD/cache LIMPID_MIRROR=$PWD/none limpid fetch mobilenetv2",
    code: 1,
    says: unreachable,
  },
};

const bytes = 13_966_334;

/** The server, by the first part of the path. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const kind = request.url?.split("/")[1];
  if (kind === "silent") return;
  if (kind === "circle") return void response.writeHead(302, { location: request.url }).end();
  if (kind === "500") return void response.writeHead(500).end("sorry");
  if (kind === "page")
    return void response.writeHead(200, { "content-type": "text/html" }).end("<html>log in</html>");
  if (kind === "other")
    return void response.writeHead(200, { "content-length": bytes }).end(Buffer.alloc(bytes));
  if (kind === "cut") {
    response.writeHead(200, { "content-length": bytes }).write(Buffer.alloc(1000));
    return void setTimeout(() => response.destroy(), 50);
  }
  response.writeHead(200);
  const more = () => {
    while (response.write(Buffer.alloc(1 << 20)));
  };
  response.on("drain", more);
  more();
}

/** Runs all, or the one of a name; throws if any ends otherwise than it must. */
export async function run(): Promise<void> {
  const only = process.argv[3];
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const wrong: string[] = [];
  for (const [name, fault] of Object.entries(faults)) {
    if (only !== undefined && only !== name) continue;
    if (fault.needsRoot && process.getuid?.() !== 0) {
      console.log(`left out  ${name}: needs the rights of root`);
      continue;
    }
    const found = await tried(fault, server);
    console.log(`${found.isRight ? "ok " : "OFF"} ${name}: ${found.text}`);
    if (!found.isRight) wrong.push(name);
  }
  server.close();
  server.closeAllConnections();
  if (wrong.length > 0)
    throw new Error(`faults: ${wrong.length} ended otherwise: ${wrong.join(", ")}`);
}

async function tried({ script, code, says }: Fault, server: Server) {
  const folder = mkdtempSync(join(tmpdir(), "limpid-faults-"));
  try {
    await fill(folder);
    const { port } = server.address() as AddressInfo;
    const text = `LIMPID="${process.execPath} ${main}"; limpid() { $LIMPID "$@"; }; ${script}`;
    const child = spawn("bash", ["-c", text], {
      cwd: folder,
      env: { ...process.env, MIRROR: `http://127.0.0.1:${port}` },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let err = "";
    child.stderr.on("data", (piece) => (err += String(piece)));
    const found = await new Promise<number | null>((resolve) => child.once("close", resolve));
    const lines = err.split("\n").filter((line) => line !== "" && !line.startsWith("note: "));
    const isSaid = says ? lines.length === 1 && says.test(lines[0]!) : lines.length === 0;
    return {
      isRight: found === code && isSaid,
      text: `exit code ${found}; ${lines.join(" | ").slice(0, 240)}`,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(folder: string): Promise<void> {
  cpSync(network, join(folder, "m.onnx"));
  await drawPetPhotos(join(folder, "photos"), 6, 64);
}
