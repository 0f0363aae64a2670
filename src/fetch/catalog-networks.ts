/** @file The pretrained networks of the catalog, as those need them who have the table and no disk. */
import { imagenetClasses } from "../network/imagenet-classes.ts";
import { metadataKeys } from "../graph/metadata.ts";
import { preprocessings } from "../image/preprocess.ts";
import { catalog, type CatalogItem, type ModelFile } from "./catalog.ts";

/** A file that holds the network; any of its files will do. */
export type NetworkFile = Pick<ModelFile, "bytes" | "sha256" | "preprocessing" | "classes">;

export interface CatalogNetwork extends Pick<CatalogItem, "description" | "licence"> {
  readonly name: string;
  /** Of what is downloaded. */
  readonly bytes: number;
  readonly files: readonly NetworkFile[];
}

/** In the order of the table, which is the catalog by default. */
export function catalogNetworks(
  items: Readonly<Record<string, CatalogItem>> = catalog,
): readonly CatalogNetwork[] {
  return Object.entries(items).flatMap(([name, item]): readonly CatalogNetwork[] => {
    if (item.kind !== "model") return [];
    const { description, licence } = item;
    const files = item.files.map(({ bytes, sha256, preprocessing, classes }) => ({
      bytes,
      sha256,
      preprocessing,
      ...(classes ? { classes } : {}),
    }));
    return [{ name, description, licence, bytes: downloadBytes(item), files }];
  });
}

/** Of all that is downloaded of an item; of packed files, what they unpack to. */
export function downloadBytes({ kind, files }: CatalogItem): number {
  const wanted =
    kind === "data" ? files : [files.find(({ url }) => url !== undefined) ?? files[0]!];
  return wanted.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** What the catalog knows of a network, as its file might say it. */
export function catalogMetadata({
  preprocessing,
  classes,
}: Pick<ModelFile, "preprocessing" | "classes">): ReadonlyMap<string, string> {
  return new Map<string, string>([
    [metadataKeys.preprocessing, JSON.stringify(preprocessings[preprocessing])],
    ...(classes ? [[metadataKeys.classes, JSON.stringify(imagenetClasses)] as const] : []),
  ]);
}
