/** The services, each of which is a role a process can have. */
export const SERVICE_ROLES = ['user', 'friend', 'chat', 'notification', 'ai', 'analytics'] as const
/** What a process can be; embedded it is all of them. */
export const ROLES = ['gateway', ...SERVICE_ROLES] as const

export type ServiceRole = (typeof SERVICE_ROLES)[number]
export type Role = (typeof ROLES)[number]

export type PerService<T> = Readonly<Record<ServiceRole, T>>
export const perService = <T>(of: (role: ServiceRole) => T): PerService<T> =>
  Object.fromEntries(SERVICE_ROLES.map((role) => [role, of(role)])) as PerService<T>
