/** @file How much of a narrow page the story lies over, for the page to leave that room below what is looked at. */
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

export function useStoryRoom(): RefObject<HTMLElement | null> {
  const panel = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const { style } = document.documentElement;
    const note = () => {
      const { top = innerHeight } = panel.current?.getBoundingClientRect() ?? {};
      style.setProperty("--story-room", `${Math.max(innerHeight - top, 0)}px`);
    };
    const sizes = new ResizeObserver(note);
    sizes.observe(panel.current!);
    return () => {
      sizes.disconnect();
      style.removeProperty("--story-room");
    };
  }, []);
  return panel;
}
