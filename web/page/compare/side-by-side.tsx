/** @file Pictures side by side; on a phone one at a time in the same place, by a swipe or by their names. */
import type { ComponentChild } from "preact";
import { useRef, useState } from "preact/hooks";
import { useNarrow } from "../frame/narrow.ts";
import "./side-by-side.css";

interface SideBySideProps {
  /** What all of them are. */
  readonly title: string;
  /** Each with its name. */
  readonly cells: readonly (readonly [name: string, cell: ComponentChild])[];
}

export function SideBySide({ title, cells }: SideBySideProps) {
  const isNarrow = useNarrow();
  const strip = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState(0);
  if (!isNarrow) {
    return (
      <div class="cells">
        {cells.map(([name, cell]) => (
          <div key={name}>{cell}</div>
        ))}
      </div>
    );
  }
  const show = (number: number) => {
    setShown(number);
    const { current } = strip;
    current?.scrollTo({ left: number * current.clientWidth });
  };
  return (
    <>
      <div class="one-of" role="group" aria-label={title}>
        {cells.map(([name], number) => (
          <button
            key={name}
            type="button"
            aria-pressed={number === shown}
            onClick={() => show(number)}
          >
            {name}
          </button>
        ))}
      </div>
      <div
        ref={strip}
        class="swiped"
        role="group"
        aria-label={title}
        tabIndex={0}
        onScroll={({ currentTarget: { scrollLeft, clientWidth } }) =>
          setShown(Math.round(scrollLeft / Math.max(clientWidth, 1)))
        }
      >
        {cells.map(([name, cell]) => (
          <div key={name}>{cell}</div>
        ))}
      </div>
    </>
  );
}
