/** @file A window that slides over all places of an output, one after the other, until it is held. */
import { useEffect, useState } from "preact/hooks";

/** So long it rests at a place, in milliseconds. */
const restMs = 240;

export interface Sliding {
  readonly place: number;
  readonly isPlaying: boolean;
  /** Goes to a place and stays there. */
  go(place: number): void;
  play(isPlaying: boolean): void;
}

/** Slides from the start on, unless its reader asked for less motion. */
export function useSliding(places: number, start: number): Sliding {
  const [place, setPlace] = useState(start);
  const [isPlaying, play] = useState(
    () => places > 1 && !matchMedia("(prefers-reduced-motion: reduce)").matches,
  );
  useEffect(() => {
    if (!isPlaying) return undefined;
    const timer = setInterval(() => setPlace((at) => (at + 1) % places), restMs);
    return () => clearInterval(timer);
  }, [isPlaying, places]);
  const go = (to: number) => {
    play(false);
    setPlace(to);
  };
  return { place, isPlaying, go, play };
}
