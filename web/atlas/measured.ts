/** @file How wide an element is, and whether it was ever seen. */
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

/** In CSS pixels; 0 before it is known. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const watched = new ResizeObserver(([entry]) => setWidth(entry!.contentRect.width));
    watched.observe(element.current!);
    return () => watched.disconnect();
  }, [element]);
  return width;
}

/** Whether the element has come into view, so that only what is looked at is loaded. */
export function useSeen(element: RefObject<HTMLElement | null>): boolean {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const watched = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      setSeen(true);
      watched.disconnect();
    });
    watched.observe(element.current!);
    return () => watched.disconnect();
  }, [element]);
  return isSeen;
}
