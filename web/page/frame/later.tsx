/** @file Panes whose code comes when they are first shown, so that the page opens without it. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { brought, type LatePane } from "../computing/lacking.ts";
import type { Explorer } from "../explorer.ts";
import { usePageTexts } from "./settings.tsx";

interface LateProps {
  readonly explorer: Explorer;
  /** The pane is not there any more: also where its code cannot be fetched, which the page says, so that it is tried again when it is opened anew. */
  onClose(): void;
}

/** A pane that is there once its code is; until then it says that it comes, and if it fails, why. */
export function later<Props extends object>(
  name: LatePane,
  load: () => Promise<ComponentType<Props>>,
) {
  let known: ComponentType<Props> | undefined;
  return function Later(props: Props & LateProps) {
    const texts = usePageTexts();
    const { explorer, onClose } = props;
    const [Pane, setPane] = useState(() => known);
    const [error, setError] = useState<string>();
    useEffect(() => {
      const fetched = async () => {
        known ??= await brought(explorer.store, { kind: "pane", name }, load);
        setPane(() => known);
        if (!known) onClose();
      };
      fetched().catch((cause: unknown) => {
        setError(cause instanceof Error ? cause.message : String(cause));
      });
    }, []);
    if (Pane) return <Pane {...props} />;
    return <p role={error === undefined ? "status" : "alert"}>{error ?? `${texts.working} …`}</p>;
  };
}
