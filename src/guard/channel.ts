/** @file What a guarded process tells its guard: lines of JSON on a pipe of their own, so that native noise is not among them. */
import { writeSync } from "node:fs";

export type GuardMessage =
  /** What a person is to read. */
  | { readonly kind: "text"; readonly text: string }
  /** The file of the network that is at work from now on. */
  | { readonly kind: "model"; readonly path: string }
  | Beyond;

/** The last words of a process that went beyond a limit: bytes, or seconds. */
export interface Beyond {
  readonly kind: "limit";
  readonly limit: "memory" | "time";
  readonly is: number;
  readonly got: number;
}

/** Tells the guard through a pipe, at once. Throws what the system says when the guard is gone. */
export function tellGuard(pipe: number, message: GuardMessage): void {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let done = 0; done < bytes.length;) {
    done += writeSync(pipe, bytes, done);
  }
}

/** Cuts what comes through the pipe into messages; what is none of them is left out. */
export function guardReader(take: (message: GuardMessage) => void): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder();
  let rest = "";
  return (bytes) => {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const message = messageOf(line);
      if (message) take(message);
    }
  };
}

function messageOf(line: string): GuardMessage | undefined {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === "object" && message !== null && "kind" in message
      ? (message as GuardMessage)
      : undefined;
  } catch {
    // Half a line of a process that was ended while it wrote.
    return undefined;
  }
}
