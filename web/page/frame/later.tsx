/** @file Panes whose code comes when they are first shown, so that the page opens without it. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { usePageTexts } from "./settings.tsx";

/** A pane that is there once its code is; until then it says that it comes, and if it does not, why. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  let known: ComponentType<Props> | undefined;
  return function Later(props: Props) {
    const texts = usePageTexts();
    const [Pane, setPane] = useState(() => known);
    const [error, setError] = useState<string>();
    useEffect(() => {
      const fetched = async () => {
        known ??= await load();
        setPane(() => known);
      };
      fetched().catch((cause: unknown) => {
        setError(cause instanceof Error ? cause.message : String(cause));
      });
    }, []);
    if (Pane) return <Pane {...props} />;
    return <p role={error === undefined ? "status" : "alert"}>{error ?? `${texts.working} …`}</p>;
  };
}
