export type FileType = Readonly<{ mime: string; ext: string }>

/**
 * What bytes really are, whatever their sender says; undefined when unknown (plain text, among others).
 * @param bytes the whole file, or its first 4100 bytes or more
 */
export async function sniffType(bytes: Uint8Array): Promise<FileType | undefined> {
  const { fileTypeFromBuffer } = await import('file-type')
  const type = await fileTypeFromBuffer(bytes)
  return type && { mime: type.mime, ext: type.ext }
}

/** Whether files of this type are known by their first bytes, so that what says that it is one and is not known for one is none. */
export async function isTypeWithSignature(mime: string): Promise<boolean> {
  const { supportedMimeTypes } = await import('file-type')
  return supportedMimeTypes.has(mime)
}
