/** @file A file that fails before it has a test. */
throw new Error("meant to fail");
