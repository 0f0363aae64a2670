/** @file Paths as text, on platforms that have no module for them: names, endings, and paths put together. */

/**
 * Parts joined by "/", with "." and doubled separators taken out; ".." stays where nothing comes before it. A "\" is
 * left as it is: elsewhere than on Windows it is a letter of a name.
 */
export function joinPath(...parts: readonly string[]): string {
  const whole = parts.filter((part) => part !== "").join("/");
  const isRooted = whole.startsWith("/");
  const kept: string[] = [];
  for (const part of whole.split("/")) {
    if (part === "" || part === ".") continue;
    const last = kept.at(-1);
    if (part !== "..") kept.push(part);
    else if (last !== undefined && !/^\.\.$|\\/.test(last)) kept.pop();
    else if (last !== undefined || !isRooted) kept.push(part);
  }
  const path = kept.join("/");
  return isRooted ? `/${path}` : path || ".";
}

/** The last part of a path; without `ending` if it has it. */
export function baseName(path: string, ending = ""): string {
  const name = path.replace(/[\\/]+$/, "").replace(/^.*[\\/]/s, "");
  return ending !== "" && name !== ending && name.endsWith(ending)
    ? name.slice(0, -ending.length)
    : name;
}

/** What comes before the last part; "." if there is nothing. */
export function folderOf(path: string): string {
  const bare = path.replace(/[\\/]+$/, "");
  const end = Math.max(bare.lastIndexOf("/"), bare.lastIndexOf("\\"));
  if (end < 0) return ".";
  return end === 0 ? bare.slice(0, 1) : bare.slice(0, end);
}

/** The ending with its point, in the letters that it has; "" for names without one, and for hidden ones. */
export function extensionOf(path: string): string {
  const name = baseName(path);
  const at = name.lastIndexOf(".");
  return at > 0 ? name.slice(at) : "";
}
