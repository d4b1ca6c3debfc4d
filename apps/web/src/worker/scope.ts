/** `self` with the type it has here: the compiler's own says only that it is some worker. */
export const scope = globalThis as unknown as ServiceWorkerGlobalScope
