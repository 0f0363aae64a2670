/** @file Messages of a length that can be read, whatever names strangers give. */

/** Letters of a name or path in quotes, and how many are shown of the start and end of a longer one. */
const longestName = 500;
const shownStart = 120;
const shownEnd = 40;

/** Letters of a whole message, and how many are shown of a longer one. */
const longestMessage = 4000;

/** Names in quotes are cut in their middle, and a message at its end. */
export function cutText(text: string): string {
  const short = text.length > longestName ? text.replaceAll(/"([^"]*)"/g, quoted) : text;
  if (short.length <= longestMessage) return short;
  return `${short.slice(0, longestMessage)}… (${short.length - longestMessage} letters more)`;
}

function quoted(whole: string, name: string): string {
  if (name.length <= longestName) return whole;
  return `"${name.slice(0, shownStart)}…${name.slice(-shownEnd)}"`;
}
