/** @file What is under way, for parts of the page that tell of it while the rest waits for what it brings. */
import { useEffect, useState } from "preact/hooks";
import type { Store, Work } from "../computing/store.ts";

export function useWork(store: Store): Work | undefined {
  const [work, setWork] = useState(store.state.work);
  useEffect(() => {
    const look = () => setWork(store.state.work);
    look();
    return store.subscribeToWork(look);
  }, [store]);
  return work;
}
