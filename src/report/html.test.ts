import { expect, test } from "vitest";
import { html } from "./html.ts";

test("a number and its % stay on one line, and addresses stay as they are", () => {
  const share = "5 %";
  expect(html`<a href="a ${share}.npy">${share} of it</a>`.text).toBe(
    '<a href="a 5 %.npy">5\u00a0% of it</a>',
  );
});

test("a second piece of an attribute is no more marked than its first", () => {
  const name = "חתול";
  expect(html`<img alt="${name}, ${name} 5 %" />`.text).toBe(`<img alt="${name}, ${name} 5 %" />`);
  expect(html`<b title="a">${name}</b>`.text).toBe(`<b title="a"><bdi>${name}</bdi></b>`);
});

test.each(["title", "textarea", "option"])(
  "no markup comes into a %s, which would show it",
  (tag) => {
    const name = "3: חתול & \u202e5 %";
    const isolated = "3: \u2068חתול\u2069 &amp; \\u202e5\u00a0%";
    const whole = {
      title: html`<title lang="en">${name}, ${name}</title>`,
      textarea: html`<textarea rows="2">${name}, ${name}</textarea>`,
      option: html`<option value="1">${name}, ${name}</option>`,
    }[tag]!;
    expect(whole.text.replace(/^<[^>]*>|<[^>]*>$/g, "")).toBe(`${isolated}, ${isolated}`);
    expect(html`${whole}${name}`.text.endsWith("<bdi>חתול</bdi> &amp; \\u202e5\u00a0%")).toBe(true);
  },
);
