/** @file Finds a browser of Chromium's family for the tests in it, and installs one where there is none. */
import { delimiter, join } from "node:path";

/** What finding and installing asks of the machine; tests pass another. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
  /** Where Playwright's own build lies once it is installed. */
  readonly playwrightBuild: string;
  isProgram(path: string): boolean;
  /** Whether a browser opens: some of Ubuntu's only say how to install one, others lack a library. */
  opens(path: string): Promise<boolean>;
  /** Runs a command to its end; false if it fails or is not there. */
  run(command: string, args: readonly string[]): boolean;
  /** Runs the command of playwright-core. */
  playwright(args: readonly string[]): boolean;
  say(line: string): void;
}

/** The browser of the tests, or why they are left out. */
export type FoundChromium =
  | { readonly path: string; readonly missing?: undefined }
  | { readonly path?: undefined; readonly missing: string };

/** A browser that is there or could be installed. Throws if CHROMIUM_PATH names none that opens. */
export async function provideChromium(machine: Machine): Promise<FoundChromium> {
  if (machine.env["LIMPID_SKIP_BROWSER"] === "1") return { missing: "LIMPID_SKIP_BROWSER is 1" };
  const found = (await findChromium(machine)) ?? (await installChromium(machine));
  if (found !== undefined) return { path: found };
  return { missing: "no Chromium, Chrome or Edge was found, and none could be installed" };
}

/** The first installed browser that opens. Throws if CHROMIUM_PATH names none. */
export async function findChromium(machine: Machine): Promise<string | undefined> {
  const asked = machine.env["CHROMIUM_PATH"];
  if (asked !== undefined) {
    if (machine.isProgram(asked) && (await machine.opens(asked))) return asked;
    throw new Error(
      `CHROMIUM_PATH: must name a Chromium, Chrome or Edge that opens, got "${asked}".`,
    );
  }
  for (const path of candidates(machine)) {
    if (machine.isProgram(path) && (await machine.opens(path))) return path;
  }
  return undefined;
}

/** Debian's package where apt-get may install, else Playwright's build; undefined if neither opens. */
async function installChromium(machine: Machine): Promise<string | undefined> {
  machine.say("no Chromium, Chrome or Edge was found for the browser tests; installing one");
  const apt = aptGet(machine);
  if (apt?.("update") && apt("install", "--yes", "--no-install-recommends", "chromium")) {
    const found = await findChromium(machine);
    if (found !== undefined) return found;
  }
  // Its libraries are packages of Debian and Ubuntu.
  machine.playwright(["install", ...(apt ? ["--with-deps"] : []), "chromium"]);
  return findChromium(machine);
}

/** Runs apt-get with the rights of root; undefined without apt-get or those. */
function aptGet(machine: Machine): ((...args: readonly string[]) => boolean) | undefined {
  const { platform, isRoot } = machine;
  if (platform !== "linux" || !machine.run("apt-get", ["--version"])) return undefined;
  const quietly = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
  if (isRoot) return (...args) => machine.run(quietly[0]!, [...quietly.slice(1), ...args]);
  if (!machine.run("sudo", ["-n", "true"])) return undefined;
  return (...args) => machine.run("sudo", ["-n", ...quietly, ...args]);
}

const names = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
  "microsoft-edge-stable",
];

const linuxPlaces = [
  "/usr/bin/chromium",
  "/snap/bin/chromium",
  "/opt/google/chrome/chrome",
  "/opt/microsoft/msedge/msedge",
];

const macApplications = ["Chromium", "Google Chrome", "Microsoft Edge"];

const windowsPlaces = [
  "Google\\Chrome\\Application\\chrome.exe",
  "Chromium\\Application\\chrome.exe",
  "Microsoft\\Edge\\Application\\msedge.exe",
];

/** Paths where a browser may lie, those of PATH first and Playwright's own last. */
function candidates({ platform, env, playwrightBuild }: Machine): readonly string[] {
  const windows = platform === "win32";
  const folders = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter(Boolean);
  const programs = windows ? ["chrome.exe", "chromium.exe", "msedge.exe"] : names;
  const onPath = folders.flatMap((folder) => programs.map((name) => join(folder, name)));
  return [...onPath, ...usualPlaces(platform, env), playwrightBuild];
}

function usualPlaces(platform: NodeJS.Platform, env: Machine["env"]): readonly string[] {
  if (platform === "darwin") {
    return ["/Applications", `${env["HOME"] ?? ""}/Applications`].flatMap((folder) =>
      macApplications.map((name) => `${folder}/${name}.app/Contents/MacOS/${name}`),
    );
  }
  if (platform === "win32") {
    const roots = [env["LOCALAPPDATA"], env["PROGRAMFILES"], env["PROGRAMFILES(X86)"]];
    return roots.flatMap((root) =>
      root === undefined ? [] : windowsPlaces.map((place) => `${root}\\${place}`),
    );
  }
  return linuxPlaces;
}
