/** @file What a command line put into the page's hand: read when it is needed. */
import type { KnownModel } from "../../files-protocol.ts";
import type { ToldNetworks } from "../../named-protocol.ts";
import { digestBytes } from "../../../src/graph/digest.ts";
import type { ModelInHand } from "../../protocol.ts";

/** A picture that can be looked at. */
export interface PhotoInHand {
  readonly name: string;
  load(): Promise<File>;
}

export interface HandedOver {
  readonly hasModel: boolean;
  /** The network with all its files; undefined if there is none. */
  model(): Promise<ModelInHand | undefined>;
  readonly photos: readonly PhotoInHand[];
  /** Networks that the page's server fetches; undefined where the host is none that does. */
  readonly named: ToldNetworks | undefined;
}

/** As the page's server writes it. */
interface Told {
  readonly files: readonly { readonly name: string; readonly role: string }[];
  readonly known?: KnownModel;
  readonly named?: ToldNetworks;
}

/** Nothing where the page comes from a host that hands over no files. */
export function handedOver(): HandedOver {
  const told = document.querySelector<HTMLMetaElement>('meta[name="limpid-handed"]')?.content;
  const { files: entries, known, named } = JSON.parse(told ?? `{"files": []}`) as Told;
  const files = entries.map(({ name, role }, i) => ({ name, role, load: () => loaded(name, i) }));
  const parts = files.filter(({ role }) => role === "model");
  return {
    hasModel: parts.length > 0,
    model: async () => {
      if (parts.length === 0) return undefined;
      const loaded = parts.map(async ({ name, load }) => ({ name, data: await load() }));
      return { kind: "files", files: await Promise.all(loaded), ...(known ? { known } : {}) };
    },
    photos: files.filter(({ role }) => role === "picture"),
    named,
  };
}

/** The photo of a name whose content has a digest. */
export async function photoAt(
  photos: readonly PhotoInHand[],
  digest: string,
  name: string | undefined,
): Promise<File | undefined> {
  for (const photo of photos) {
    if (photo.name.split("/").at(-1) !== name) continue;
    const file = await photo.load();
    if ((await digestBytes(new Uint8Array(await file.arrayBuffer()))) === digest) return file;
  }
  return undefined;
}

async function loaded(path: string, number: number): Promise<File> {
  const answer = await fetch(`./handed/${number}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return new File([await answer.blob()], path.split("/").at(-1)!);
}

/** A file that is here already. */
export function inHand(file: File): PhotoInHand {
  return { name: file.name, load: async () => file };
}
