import { expect, test } from "vitest";
import { html } from "./html.ts";

test("a number and its % stay on one line, and addresses stay as they are", () => {
  const share = "5 %";
  expect(html`<a href="a ${share}.npy">${share} of it</a>`.text).toBe(
    '<a href="a 5 %.npy">5\u00a0% of it</a>',
  );
});
