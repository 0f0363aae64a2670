/** @file Whether the page is as narrow as a phone. */
import { useEffect, useState } from "preact/hooks";

/** As in the styles. */
const narrow = "(max-width: 40rem)";

export function isNarrowNow(): boolean {
  return matchMedia(narrow).matches;
}

export function useNarrow(): boolean {
  const [isNarrow, setNarrow] = useState(isNarrowNow);
  useEffect(() => {
    const screen = matchMedia(narrow);
    const onChange = () => setNarrow(screen.matches);
    screen.addEventListener("change", onChange);
    return () => screen.removeEventListener("change", onChange);
  }, []);
  return isNarrow;
}
