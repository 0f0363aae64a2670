/**
 * @file Messages that every face words in its own way: the command says `--layer`, the library `layer`, a page the name of
 * a field.
 */
import { cutText } from "./cut-text.ts";

/** Something that a face offers, and that a message speaks of. */
export type Offer =
  | { readonly kind: "option"; readonly name: string; readonly value?: string }
  | { readonly kind: "command"; readonly name: string; readonly arguments?: string };

/** A message in pieces: plain text, and what faces word themselves. */
export interface Message {
  readonly parts: readonly (string | Offer)[];
}

/** How a face words what it offers. */
export type FaceWords = (offer: Offer) => string;

/** An option by its data name, with a value where a certain one is meant. */
export function option(name: string, value?: string): Offer {
  return { kind: "option", name, ...(value === undefined ? {} : { value }) };
}

/** A job by its name, with what it is given. */
export function command(name: string, given?: string): Offer {
  return { kind: "command", name, ...(given === undefined ? {} : { arguments: given }) };
}

/** A message from a template: offers stay pieces, everything else becomes text. */
export function say(
  texts: TemplateStringsArray,
  ...values: readonly (string | number | Offer | Message)[]
): Message {
  const parts = texts.flatMap((text, i) => {
    const value = values[i];
    if (value === undefined) return [text];
    if (typeof value !== "object") return [text, String(value)];
    return "parts" in value ? [text, ...value.parts] : [text, value];
  });
  return { parts };
}

/** The message as a face says it, with long names cut. */
export function wordsOf(message: string | Message, face: FaceWords): string {
  if (typeof message === "string") return cutText(message);
  const parts = message.parts.map((part) => (typeof part === "string" ? part : face(part)));
  return cutText(parts.join(""));
}

/** What the library calls options that data have other names for. */
const dataNames: Readonly<Record<string, string>> = { size: "sizePx", input: "inputs" };

/** How the library words what it offers: by data names. */
export const libraryWords: FaceWords = ({ kind, name, ...offer }) => {
  if (kind === "command") return `${name}()`;
  if (name === "layers") return "everyConvolution: true";
  const inData = dataNames[name] ?? name;
  const value = "value" in offer ? offer.value : undefined;
  return value === undefined ? `"${inData}"` : `${inData}: "${value}"`;
};

/** How the command words what it offers. */
export const commandWords: FaceWords = (offer) => {
  if (offer.kind === "command") {
    return `"limpid ${offer.name}${offer.arguments === undefined ? "" : ` ${offer.arguments}`}"`;
  }
  return `--${offer.name}${offer.value === undefined ? "" : ` ${offer.value}`}`;
};
