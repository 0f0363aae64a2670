/** @file Finding a browser on machines that have one, and installing one on those that have none. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { findChromium, provideChromium, type Machine } from "./browser/chromium.ts";
import { thisMachine } from "./browser/this-machine.ts";

const root = mkdtempSync(join(tmpdir(), "limpid-chromium-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Programs, and every command that was run. */
let programs: Set<string>;
let commands: string[];
beforeEach(() => {
  programs = new Set();
  commands = [];
});

/** A machine of nothing but `programs`, all of which open; every command fails but those of `effects`. */
function machine(
  changes: Partial<Machine> = {},
  effects: Readonly<Record<string, string>> = {},
): Machine {
  const run = (line: string) => {
    commands.push(line);
    const effect = effects[line];
    if (effect) programs.add(effect);
    return effect !== undefined;
  };
  return {
    platform: "linux",
    env: {},
    isRoot: false,
    playwrightBuild: "/playwright/chrome",
    isProgram: (path) => programs.has(path),
    opens: async () => true,
    run: (command, args) => run([command, ...args].join(" ")),
    playwright: (args) => run(["playwright", ...args].join(" ")),
    say: () => {},
    ...changes,
  };
}

describe("finding", () => {
  test("the first program of PATH, a plain file of that name is none", async () => {
    const [first, second] = [join(root, "first"), join(root, "second")];
    for (const folder of [first, second]) mkdirSync(folder);
    writeFileSync(join(first, "chromium"), "");
    writeFileSync(join(second, "google-chrome"), "");
    chmodSync(join(second, "google-chrome"), 0o755);
    const { isProgram } = thisMachine;
    const env = { PATH: [first, second].join(delimiter) };
    expect(await findChromium(machine({ isProgram, env }))).toBe(join(second, "google-chrome"));
  });

  test.each([
    ["linux", {}, "/opt/google/chrome/chrome"],
    ["linux", {}, "/opt/microsoft/msedge/msedge"],
    ["darwin", {}, "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"],
    ["darwin", { HOME: "/Users/a" }, "/Users/a/Applications/Chromium.app/Contents/MacOS/Chromium"],
    [
      "win32",
      { "PROGRAMFILES(X86)": "C:\\x86" },
      "C:\\x86\\Microsoft\\Edge\\Application\\msedge.exe",
    ],
    ["win32", { LOCALAPPDATA: "C:\\l" }, "C:\\l\\Google\\Chrome\\Application\\chrome.exe"],
    ["linux", {}, "/playwright/chrome"],
  ] as const)("on %s with %j at %s", async (platform, env, path) => {
    programs.add(path);
    expect(await provideChromium(machine({ platform, env }))).toEqual({ path });
    expect(commands).toEqual([]);
  });

  test("passes over what does not open", async () => {
    programs.add("/bin/chromium-browser").add("/snap/bin/chromium");
    const opens = async (path: string) => path.startsWith("/snap");
    const found = await findChromium(machine({ env: { PATH: "/bin" }, opens }));
    expect(found).toBe("/snap/bin/chromium");
  });

  test("takes CHROMIUM_PATH before all, and refuses one that is no browser", async () => {
    programs.add("/mine").add("/usr/bin/chromium");
    expect(await findChromium(machine({ env: { CHROMIUM_PATH: "/mine" } }))).toBe("/mine");
    await expect(provideChromium(machine({ env: { CHROMIUM_PATH: "/gone" } }))).rejects.toThrow(
      'CHROMIUM_PATH: must name a Chromium, Chrome or Edge that opens, got "/gone".',
    );
  });
});

describe("installing", () => {
  const install = "apt-get install --yes --no-install-recommends chromium";
  const quietly = "env DEBIAN_FRONTEND=noninteractive";

  test("Debian's package, as root", async () => {
    const effects = {
      "apt-get --version": "",
      [`${quietly} apt-get update`]: "",
      [`${quietly} ${install}`]: "/usr/bin/chromium",
    };
    const found = await provideChromium(machine({ isRoot: true }, effects));
    expect(found).toEqual({ path: "/usr/bin/chromium" });
    expect(commands).toEqual(Object.keys(effects));
  });

  test("Debian's package, where sudo asks for no password", async () => {
    const effects = {
      "apt-get --version": "",
      "sudo -n true": "",
      [`sudo -n ${quietly} apt-get update`]: "",
      [`sudo -n ${quietly} ${install}`]: "/usr/bin/chromium",
    };
    expect(await provideChromium(machine({}, effects))).toEqual({ path: "/usr/bin/chromium" });
    expect(commands).toEqual(Object.keys(effects));
  });

  test("Playwright's build with its libraries, where the package only says how to install it", async () => {
    const effects = {
      "apt-get --version": "",
      [`${quietly} apt-get update`]: "",
      [`${quietly} ${install}`]: "/usr/bin/chromium",
      "playwright install --with-deps chromium": "/playwright/chrome",
    };
    const opens = async (path: string) => path.startsWith("/playwright");
    const found = await provideChromium(machine({ isRoot: true, opens }, effects));
    expect(found).toEqual({ path: "/playwright/chrome" });
  });

  test("Playwright's build, where nobody may use apt-get", async () => {
    const effects = {
      "apt-get --version": "",
      "playwright install chromium": "/playwright/chrome",
    };
    expect(await provideChromium(machine({}, effects))).toEqual({ path: "/playwright/chrome" });
    expect(commands).toEqual(["apt-get --version", "sudo -n true", "playwright install chromium"]);
  });

  test("Playwright's build on macOS", async () => {
    const effects = { "playwright install chromium": "/playwright/chrome" };
    const found = await provideChromium(machine({ platform: "darwin" }, effects));
    expect(found).toEqual({ path: "/playwright/chrome" });
    expect(commands).toEqual(Object.keys(effects));
  });

  test("where nothing can be installed the tests are left out, with the reason", async () => {
    expect(await provideChromium(machine({ isRoot: true }))).toEqual({
      missing: "no Chromium, Chrome or Edge was found, and none could be installed",
    });
  });

  test("nothing where LIMPID_SKIP_BROWSER says so", async () => {
    programs.add("/usr/bin/chromium");
    const found = await provideChromium(machine({ env: { LIMPID_SKIP_BROWSER: "1" } }));
    expect(found).toEqual({ missing: "LIMPID_SKIP_BROWSER is 1" });
    expect(commands).toEqual([]);
  });
});
