/** @file What a process that runs networks is told about memory which is no longer used. */

/**
 * From so many bytes on, memory is asked of the system and given back by itself. Without that, glibc soon takes up to
 * 32 MB at a time from its heap, where weights that ONNX Runtime has turned and dropped stay as gaps: 180 MiB for VGG16.
 */
const ownMappingBytes = 2 ** 20;

/** The environment with that said to glibc, which reads it once at a process's start; what the user says there holds. */
export function givingBack(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { MALLOC_MMAP_THRESHOLD_: String(ownMappingBytes), ...environment };
}

/** Flags of Node: what is made and dropped at once takes up to 12 MB before it is collected, not 48, at the same speed. */
export const collectingSoon = ["--max-semi-space-size=4"] as const;
