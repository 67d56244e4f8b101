import type { Key, Scope } from './tenancy.ts'

/** Whether the key may do what needs `scope`; `admin` may do everything. */
export function scopeAllows(key: Pick<Key, 'scopes'>, scope: Scope): boolean {
  return key.scopes.includes('admin') || key.scopes.includes(scope)
}
