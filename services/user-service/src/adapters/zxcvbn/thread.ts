import { parentPort } from 'node:worker_threads'
import { isCommon } from './estimate.ts'

/** Answers one password after the other. */
parentPort!.on('message', (password: string) => parentPort!.postMessage(isCommon(password)))
