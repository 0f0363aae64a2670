/** @file What the machine is made of, for reports. */
import { cpus, release, totalmem, type } from "node:os";
import type { Machine } from "../app/platform.ts";

/** Processor, memory and system that Node runs on. */
export function machine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? "unknown processor",
    cores: processors.length,
    memoryBytes: totalmem(),
    system: `${type()} ${release().split("-")[0]}`,
  };
}
