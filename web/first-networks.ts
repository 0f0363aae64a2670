/** @file Networks that come with the page and whose first map is what most visits begin with: no code is waited for that they do not need. */
export const firstNetworks: readonly string[] = ["pets", "cats-dogs"];
