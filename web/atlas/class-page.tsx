/** @file A class: its name, and the units that speak for it. */
import { shownText } from "../../src/wording/shown-text.ts";
import { LazyView } from "./lazy-view.tsx";
import { useTexts } from "./texts.ts";
import { Trail } from "./trail.tsx";

interface ClassPageProps {
  readonly number: number;
  readonly name: string;
}

export function ClassPage({ number, name }: ClassPageProps) {
  const texts = useTexts();
  return (
    <>
      <Trail />
      <div class="head">
        <div>
          <h1 tabIndex={-1}>{shownText(name)}</h1>
          <p class="lead">
            {texts.class} {number}. {texts.ofClass} ({texts.speaksForText}).
          </p>
        </div>
      </div>
      <LazyView shown={{ view: "class", number }} />
    </>
  );
}
