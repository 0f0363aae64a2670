/** @file What is dropped on the page: files and whole folders, each file with its path within what was dropped. */
import type { PathedFile } from "../../files-protocol.ts";

/** Throws the browser's `DOMException` for a file or a folder that cannot be read. */
export async function droppedFiles(transfer: DataTransfer): Promise<readonly PathedFile[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return [...transfer.files].map(pathed);
  const found = await Promise.all(entries.map((entry) => filesIn(entry)));
  return found.flat();
}

async function filesIn(entry: FileSystemEntry): Promise<readonly PathedFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    return [{ name: entry.fullPath.replace(/^\//, ""), data: file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: PathedFile[] = [];
  // A reader gives some entries at a time, and none when there are no more.
  for (;;) {
    const entries = await new Promise<readonly FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (entries.length === 0) return found;
    for (const each of entries) for (const file of await filesIn(each)) found.push(file);
  }
}

/** Of a field: files of a folder know their path in it. */
export function pathed(file: File): PathedFile {
  return { name: file.webkitRelativePath || file.name, data: file };
}
