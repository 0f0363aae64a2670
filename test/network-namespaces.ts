/** @file Machines of a test: network namespaces of this one, on a bridge, whose lines can be cut. */
import { spawnSync } from "node:child_process";

/** Hosts that reach each other and what listens at `address`. */
export interface TestNetwork {
  /** Of the machine that all others reach. */
  readonly address: string;
  /** The command that runs a command on machine `i`. */
  on(i: number, command: readonly string[]): readonly string[];
  /** Cuts a machine's line, or mends it: what is sent meanwhile is lost without a word. */
  setLine(i: number, state: "up" | "down"): void;
  remove(): void;
}

// Of this process alone: other checks may run on the machine.
const prefix = `lp${process.pid}`;
const bridge = `${prefix}b`;
const subnet = `10.${process.pid % 250}.${Math.floor(process.pid / 250) % 250}`;

function ip(...words: readonly string[]): void {
  const { status, stderr, error } = spawnSync("ip", words, { encoding: "utf8" });
  if (status !== 0) throw error ?? new Error(`ip ${words.join(" ")}: ${stderr}`);
}

/** Why there are none; undefined where they can be made. */
export const noNamespaces = ((): string | undefined => {
  if (process.getuid?.() !== 0) return "skipped: network namespaces need root";
  try {
    ip("netns", "add", `${prefix}-try`);
    ip("netns", "del", `${prefix}-try`);
    ip("link", "add", bridge, "type", "bridge");
    ip("link", "del", bridge);
    return undefined;
  } catch (cause) {
    return `skipped: no network namespaces here (${String(cause).trim()})`;
  }
})();

/** A network of so many machines and of this one. */
export function testNetwork(machines: number): TestNetwork {
  const name = (i: number) => `${prefix}m${i}`;
  ip("link", "add", bridge, "type", "bridge");
  ip("addr", "add", `${subnet}.1/24`, "dev", bridge);
  ip("link", "set", bridge, "up");
  for (let i = 0; i < machines; i++) {
    ip("netns", "add", name(i));
    ip("link", "add", `${name(i)}h`, "type", "veth", "peer", "name", "eth0", "netns", name(i));
    ip("link", "set", `${name(i)}h`, "master", bridge, "up");
    ip("-n", name(i), "addr", "add", `${subnet}.${i + 2}/24`, "dev", "eth0");
    ip("-n", name(i), "link", "set", "eth0", "up");
    ip("-n", name(i), "link", "set", "lo", "up");
  }
  return {
    address: `${subnet}.1`,
    on: (i, command) => ["ip", "netns", "exec", name(i), ...command],
    setLine: (i, state) => ip("link", "set", `${name(i)}h`, state),
    remove: () => {
      for (let i = 0; i < machines; i++) ip("netns", "del", name(i));
      ip("link", "del", bridge);
    },
  };
}
