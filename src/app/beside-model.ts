/** @file Configurations beside a model, read through the platform. */
import { isFailure } from "../errors.ts";
import { configurationsBeside, mostConfigurationBytes } from "../formats/configurations.ts";
import type { Platform } from "./platform.ts";

/** As `configurationsBeside`. Files that cannot be read are left out. */
export function metadataBeside(
  platform: Pick<Platform, "find" | "source">,
  path: string,
): Promise<ReadonlyMap<string, string>> {
  return configurationsBeside(path, (each) => textOf(platform, each));
}

async function textOf(
  platform: Pick<Platform, "find" | "source">,
  path: string,
): Promise<string | undefined> {
  const info = await platform.find(path);
  // Pipes and devices have no size, and would be waited for.
  if (info?.kind !== "file" || info.size === 0 || info.size > mostConfigurationBytes) {
    return undefined;
  }
  try {
    const source = await platform.source(path);
    return new TextDecoder().decode(await source.read(0, info.size));
  } catch (error) {
    if (!isFailure(error)) throw error;
    return undefined;
  }
}
