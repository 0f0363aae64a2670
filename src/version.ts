/** @file The version of the program, for recipes and reports; that of package.json. */
export const version = "0.1.0";
