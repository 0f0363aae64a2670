/** @file Configurations beside a model, read through the platform. */
import { isFailure } from "../errors.ts";
import { configurationsBeside, mostConfigurationBytes } from "../formats/configurations.ts";
import { labelFilesBeside } from "../formats/label-files.ts";
import { folderOf, joinPath } from "../wording/paths.ts";
import type { Platform } from "./platform.ts";

type Finder = Pick<Platform, "find" | "list" | "source">;

/** As `configurationsBeside` and `labelFilesBeside`. Files that cannot be read are left out. */
export async function metadataBeside(
  platform: Finder,
  path: string,
): Promise<ReadonlyMap<string, string>> {
  const names = await platform.list(folderOf(path)).catch(() => []);
  const paths = names.map((name) => joinPath(folderOf(path), name));
  const labels = await labelFilesBeside(joinPath(path), paths, (each, most) =>
    textOf(platform, each, most),
  );
  const told = await configurationsBeside(path, (each) => textOf(platform, each));
  return new Map([...labels, ...told]);
}

async function textOf(
  platform: Finder,
  path: string,
  mostBytes = mostConfigurationBytes,
): Promise<string | undefined> {
  const info = await platform.find(path);
  // Pipes and devices have no size, and would be waited for.
  if (info?.kind !== "file" || info.size === 0 || info.size > mostBytes) return undefined;
  try {
    const source = await platform.source(path);
    return new TextDecoder().decode(await source.read(0, info.size));
  } catch (error) {
    if (!isFailure(error)) throw error;
    return undefined;
  }
}
