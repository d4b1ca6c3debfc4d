import { foldText } from '@bigtech/kernel'
import type { FileInfo } from './message.ts'

/** What a message is found by: its words, and the name of its file. */
export const searchText = (content: string, file: Pick<FileInfo, 'name'> | null): string =>
  foldText(file ? `${content}\n${file.name}` : content)
