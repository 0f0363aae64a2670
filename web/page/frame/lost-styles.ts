/** @file Styles that did not come: left in the page, they would count as there when their pane is asked for again. */

/** From now on those that fail are taken out of the page. */
export function letGoOfLostStyles(): void {
  const letGo = ({ target }: Event) => {
    if (target instanceof HTMLLinkElement && target.rel === "stylesheet") target.remove();
  };
  // Failures of elements are heard on their way down only.
  addEventListener("error", letGo, { capture: true });
}
