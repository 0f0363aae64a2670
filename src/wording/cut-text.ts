/** @file Messages of a length that can be read, whatever names strangers give. */

/** Letters of a name or path in quotes, and how many are shown of the start and end of a longer one. */
const longestName = 500;
const shownStart = 120;
const shownEnd = 40;

/** Letters of a whole message, and how many are shown of a longer one. */
const longestMessage = 4000;

/** Names in quotes, lists of numbers, and words. */
const stretches = [/"[^"]*"/g, /\[[^[\]"]*\]/g, /\S+/g] as const;

/** Long stretches are cut in their middle, and a message at its end. */
export function cutText(text: string): string {
  if (text.length <= longestName) return text;
  const short = stretches.reduce((all, stretch) => all.replaceAll(stretch, shortened), text);
  if (short.length <= longestMessage) return short;
  return `${short.slice(0, longestMessage)}… (${short.length - longestMessage} letters more)`;
}

function shortened(stretch: string): string {
  if (stretch.length <= longestName + 4) return stretch;
  return `${stretch.slice(0, shownStart + 1)}…${stretch.slice(-shownEnd - 1)}`;
}
