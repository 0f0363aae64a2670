/** @file A class: its name, and the units that speak for it. */
import { unitAddress } from "./address.ts";
import { useAtlas } from "./atlas-context.ts";
import { LazyView } from "./lazy-view.tsx";
import { Icon } from "./sheet-cell.tsx";
import { useTexts } from "./texts.ts";
import { Trail } from "./trail.tsx";

interface ClassPageProps {
  readonly number: number;
  readonly name: string;
}

export function ClassPage({ number, name }: ClassPageProps) {
  const texts = useTexts();
  const own = useAtlas().index.layers.find(({ isOfClasses }) => isOfClasses);
  return (
    <>
      <Trail />
      <div class="head">
        {own && number < own.channels && (
          <a href={unitAddress(own.folder, number)} class="of-class">
            <Icon layer={own} unit={number} text={`${texts.excites}: ${name}`} />
          </a>
        )}
        <div>
          <h1 tabIndex={-1}>{name}</h1>
          <p class="lead">
            {texts.class} {number}. {texts.ofClass} ({texts.speaksForText}).
          </p>
        </div>
      </div>
      <LazyView shown={{ view: "class", number }} />
    </>
  );
}
