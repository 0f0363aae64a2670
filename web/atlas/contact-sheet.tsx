/** @file All units of a layer as links on one sheet, through which arrows go. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { AtlasLayer, AtlasUnit } from "../../src/atlas/site/site-data.ts";
import { columnsOf, stepOf } from "../parts/grid-steps.ts";
import { unitAddress } from "./address.ts";
import { useAtlas } from "./atlas-context.ts";
import { classNameOf } from "./class-names.ts";
import { isTyping } from "./keys.ts";
import { Icon } from "./sheet-cell.tsx";
import { useTexts } from "./texts.ts";
import "./contact-sheet.css";

interface ContactSheetProps {
  readonly layer: AtlasLayer;
  readonly units: readonly AtlasUnit[];
  /** In the order in which they are shown. */
  readonly numbers: readonly number[];
  readonly start: number | undefined;
  readonly takesFocus: boolean;
  onPoint(unit: number): void;
}

export function ContactSheet(props: ContactSheetProps) {
  const { layer, units, numbers, start, takesFocus, onPoint } = props;
  const list = useRef<HTMLUListElement>(null);
  const [first] = useState(start ?? numbers[0]);
  useEffect(() => {
    if (!takesFocus || isTyping()) return;
    if (start === undefined) scrollTo(0, 0);
    focusOn(list.current!, start ?? numbers[0], start !== undefined);
    // Only when the layer is opened: another order leaves the focus where it is.
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = stepOf(event.key, columnsOf(list.current!));
    const at = numbers.indexOf(unitOf(document.activeElement) ?? -1);
    if (at < 0 || step === 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const to = Number.isFinite(step) ? at + step : step < 0 ? 0 : numbers.length - 1;
    focusOn(list.current!, numbers[to], true);
  };
  const onReach = (event: Event) => {
    const unit = unitOf(event.target);
    if (unit === undefined) return;
    onPoint(unit);
    if (event.type === "focusin") comeBackTo(list.current!, unit);
  };
  return (
    <ul
      class="contact-sheet"
      ref={list}
      onKeyDown={onKeyDown}
      onPointerOver={onReach}
      onFocusIn={onReach}
    >
      {numbers.map((unit) => (
        <SheetUnit
          key={unit}
          layer={layer}
          unit={unit}
          state={units[unit]!.state}
          isFirst={unit === first}
        />
      ))}
    </ul>
  );
}

interface SheetUnitProps {
  readonly layer: AtlasLayer;
  readonly unit: number;
  readonly state: AtlasUnit["state"];
  /** Whether the tabulator comes here. */
  readonly isFirst: boolean;
}

function SheetUnit({ layer, unit, state, isFirst }: SheetUnitProps) {
  const texts = useTexts();
  const { index } = useAtlas();
  const mark = state === "live" ? "" : texts[state];
  const name = classNameOf(index, layer, unit);
  const words = [`${texts.unit} ${unit}`, mark, name];
  return (
    <li>
      <a
        href={unitAddress(layer.folder, unit)}
        data-unit={unit}
        tabIndex={isFirst ? 0 : -1}
        aria-label={words.filter(Boolean).join(", ")}
        title={name}
      >
        <Icon layer={layer} unit={unit} state={state} />
        <span class="caption" aria-hidden="true">
          {unit} {mark && <em>{mark}</em>}
        </span>
      </a>
    </li>
  );
}

/** The tabulator comes back to the unit. Thousands of cells are not drawn again for it. */
function comeBackTo(list: HTMLElement, unit: number): void {
  for (const link of list.querySelectorAll<HTMLElement>('[tabindex="0"]')) link.tabIndex = -1;
  linkOf(list, unit)!.tabIndex = 0;
}

function linkOf(list: HTMLElement, unit: number | undefined): HTMLElement | null {
  return list.querySelector<HTMLElement>(`[data-unit="${unit}"]`);
}

function unitOf(target: EventTarget | null): number | undefined {
  const link = target instanceof Element ? target.closest<HTMLElement>("[data-unit]") : null;
  return link ? Number(link.dataset["unit"]) : undefined;
}

function focusOn(list: HTMLElement, unit: number | undefined, brings: boolean): void {
  const link = linkOf(list, unit);
  link?.focus({ preventScroll: true });
  if (brings) link?.scrollIntoView({ block: "nearest" });
}
