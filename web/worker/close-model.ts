/** @file Closes the network that is open: its sessions are given back. */
import type { Desk } from "./desk.ts";

export async function closeModel(desk: Desk): Promise<null> {
  await desk.network?.runtime.release();
  desk.network = undefined;
  desk.picture = undefined;
  return null;
}
