/** @file Which commands need no guard; imports nothing, as it is read before anything is loaded. */

/** Commands that open no network. */
export const unguarded: ReadonlySet<string> = new Set(["help", "fetch", "explore"]);
