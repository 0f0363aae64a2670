/** @file Which files are photos. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Paths of all pictures in some folders of a folder, sorted. */
export async function listPictures(root: string, folders: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  for (const folder of folders) {
    const names = await readdir(join(root, folder));
    paths.push(
      ...names
        .filter(isPicture)
        .sort()
        .map((name) => join(root, folder, name)),
    );
  }
  return paths;
}

function isPicture(name: string): boolean {
  return /\.(?:jpe?g|png|bmp)$/i.test(name);
}
