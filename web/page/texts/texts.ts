/** @file What every language of the page says: all that English has, each language in a folder of its own. */
import type { CallName } from "../../protocol.ts";
import type { ShippedModel } from "../files/shipped-models.ts";
import type { Section } from "../frame/sections.tsx";
import type { english } from "./english/index.ts";
import type { FileTexts } from "./english/files.ts";
import type { FolderTexts } from "./english/folder.ts";

/** Words that stand beside each other for each of several things. */
export interface GroupedTexts {
  /** What the networks of the page know. */
  readonly knows: Readonly<Record<ShippedModel, string>>;
  readonly sectionNames: Readonly<Record<Section, string>>;
  /** What is under way, by the call that does it. */
  readonly works: Readonly<Record<CallName, string>>;
  /** Keys, with blanks between them, and what they do. */
  readonly keyRows: readonly (readonly [keys: string, what: string])[];
  /** Places of a picture, row by row from the top, each from the left. */
  readonly places: readonly (readonly string[])[];
  readonly judgedOrders: FolderTexts["judgedOrders"];
  readonly viewParts: FileTexts["viewParts"];
}

export type Texts = Readonly<Record<Exclude<keyof typeof english, keyof GroupedTexts>, string>> &
  GroupedTexts;
