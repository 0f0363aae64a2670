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
  expect(html`<a href="${name}, ${name} 5 %"></a>`.text).toBe(
    `<a href="${name}, ${name} 5 %"></a>`,
  );
  expect(html`<b title="a">${name}</b>`.text).toBe(`<b title="a"><bdi>${name}</bdi></b>`);
});

test.each(["alt", "title", "aria-label", "placeholder"])(
  "what is read out of %s keeps its names to themselves",
  (attribute) => {
    const name = "חתול & \u202e";
    const isolated = "\u2068חתול\u2069 &amp; \\u202e";
    const spoken = {
      alt: html`<img src="${name}" alt="${name}, ${name}" />`,
      title: html`<b title="${name}, ${name}"></b>`,
      "aria-label": html`<b aria-label="${name}, ${name}"></b>`,
      placeholder: html`<input placeholder="${name}, ${name}" />`,
    }[attribute]!;
    expect(spoken.text).toContain(`${attribute}="${isolated}, ${isolated}"`);
    if (attribute === "alt") expect(spoken.text).toContain(`src="חתול &amp; \\u202e"`);
  },
);

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
