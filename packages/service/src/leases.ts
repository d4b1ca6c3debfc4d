/**
 * Says which of several processes may do something now. A lease that its owner no longer renews is free once its time is up: then two
 * may believe for a moment that it is theirs, so whatever a lease is for must be harmless when it happens twice.
 */
export interface Leases {
  /** Takes the lease or renews it. False while another owner has it. */
  hold(lease: Readonly<{ name: string; owner: string; ttlMs: number; now: number }>): Promise<boolean>
  /** Frees it, if the owner has it. */
  release(lease: Readonly<{ name: string; owner: string }>): Promise<void>
}
