/** @file What the first map is made of: networks, and what the worker is asked. */

/** Networks that come with the page and whose first map is what most visits begin with: no code is waited for that they do not need. */
export const firstNetworks: readonly string[] = ["pets", "cats-dogs"];

/** What the first map needs, in the order in which it is asked. */
export const firstCalls = ["open", "look", "explain", "channels"] as const;
