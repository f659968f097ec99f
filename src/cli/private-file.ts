import { type FileHandle, open } from 'node:fs/promises'

/** Opens a file to be written anew that only its owner may read, also where there is one that others could. */
export async function openPrivate(path: string): Promise<FileHandle> {
  const handle = await open(path, 'w', 0o600)
  // a device keeps the rights it has
  if ((await handle.stat()).isFile()) await handle.chmod(0o600)
  return handle
}
