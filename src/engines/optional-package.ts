/** @file Packages that only those install who use what stands on them. */
import { LimpidError } from "../errors.ts";

/** Imports packages by their names, for what `where` does. Throws `bad-option` that says what to install. */
export async function optionalPackage<T>(
  where: string,
  names: readonly string[],
  load: () => Promise<T>,
): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new LimpidError(
      "bad-option",
      `${where}: the packages that it stands on must be installed, got none. npm install ${names.join(" ")}`,
      { cause },
    );
  }
}
