/** @file What is above a page, as links; and those before and behind it. */
import type { ComponentChildren } from "preact";
import { useAtlas } from "./atlas-context.ts";
import { useTexts } from "./texts.ts";

interface TrailProps {
  /** The layer above. */
  readonly layer?: { readonly address: string; readonly name: string };
}

export function Trail({ layer }: TrailProps) {
  const { network } = useAtlas().index;
  return (
    <p class="trail">
      <a href="#/">{network}</a>
      {layer && (
        <>
          {" / "}
          <a href={layer.address}>{layer.name}</a>
        </>
      )}
    </p>
  );
}

interface PagerProps {
  readonly kind: "layer" | "unit";
  readonly before: PagerLink | undefined;
  readonly next: PagerLink | undefined;
}

export interface PagerLink {
  readonly address: string;
  readonly name: string;
}

export function Pager({ kind, before, next }: PagerProps) {
  const texts = useTexts();
  const link = (to: PagerLink | undefined, which: "before" | "next", shown: ComponentChildren) =>
    to ? (
      <a href={to.address} aria-label={`${texts[which]}: ${texts[kind]} ${to.name}`}>
        {shown}
      </a>
    ) : (
      // As wide as a number, so that paging does not move the other link.
      kind === "unit" && <span aria-hidden="true">← 0</span>
    );
  return (
    <nav class="pager" aria-label={texts[kind]}>
      {link(before, "before", `← ${before?.name ?? ""}`)}
      {link(next, "next", `${next?.name ?? ""} →`)}
    </nav>
  );
}
