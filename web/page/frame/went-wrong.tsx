/** @file What went wrong: what befell the page in its own words, and what its worker says. */
import type { Lacking } from "../computing/lacking.ts";
import type { State } from "../computing/store.ts";
import { filled } from "../texts/filled-text.ts";
import type { Texts } from "../texts/texts.ts";
import { usePageTexts } from "./settings.tsx";

/** Nothing where nothing did. */
export function WentWrong({ state }: { readonly state: State }) {
  const texts = usePageTexts();
  const { trouble, error, model } = state;
  if (!trouble && error === undefined) return null;
  return (
    <div role="alert">
      {trouble && (
        <p data-trouble={trouble.kind}>
          {trouble.kind === "missingCode"
            ? lackingText(texts, trouble.lacking, model?.methods)
            : texts[trouble.kind]}
        </p>
      )}
      {error !== undefined && <p lang="en">{error}</p>}
    </div>
  );
}

/** One sentence: what is missing, why that may be, and what to do. */
export function lackingText(
  texts: Texts,
  lacking: Lacking,
  methods: readonly { readonly name: string; readonly title: string }[] = [],
): string {
  const what = nameOf(texts, lacking, methods);
  const subject = lacking.kind === "network" ? texts.lackingNetwork : texts.lackingPart;
  return `${filled(subject, { what })} ${texts.missingCode}`;
}

function nameOf(
  texts: Texts,
  { kind, name }: Lacking,
  methods: readonly { readonly name: string; readonly title: string }[],
): string {
  if (kind === "call") return texts.works[name];
  if (kind === "pane") return texts[name];
  return methods.find((method) => method.name === name)?.title ?? name;
}
