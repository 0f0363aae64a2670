/** @file Standard output, whose reader may go away and whose disk may be full while a program still works. */

export interface StandardOutput {
  write(text: string): void;
  /** Why nothing can be written any more, as the system names it; EPIPE where the reader has gone. */
  readonly fault: string | undefined;
}

/** The output of this process; `onFault` is called once, when it cannot be written any more. */
export function standardOutput(onFault: (fault: string) => void): StandardOutput {
  let fault: string | undefined;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (fault !== undefined) return;
    fault = error.code ?? error.message;
    onFault(fault);
  });
  return {
    get fault() {
      return fault;
    },
    write: (text) => {
      if (fault === undefined) process.stdout.write(text);
    },
  };
}
